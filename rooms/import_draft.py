"""What an import has gathered so far: places, the rows they came from, and every problem met. PURE."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from rooms.cbs import code_above, kind_of_code, tidy_code
from rooms.place import LEVELS, Kind, MultiPolygon, Place, Places, problems_of, street_id, uncoded_id
from rooms.place_name import fold


class ImportProblem(msgspec.Struct, frozen=True):
    """What is wrong in one row: a line of the CSV, a feature of the GeoJSON counted from 1, 0 for the file itself."""

    row: int
    field: str | None
    message: str


class ImportRefused(ValueError):  # noqa: N818  a refusal, as elsewhere in the domain
    """Nothing of this file was taken; `problems` names every reason."""

    def __init__(self, problems: Iterable[ImportProblem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(f"{len(self.problems)} problems, the first in row {first.row}: {first.message}")


class RowRefused(ValueError):  # noqa: N818  becomes an ImportProblem
    """This row can't be taken; the rest is read on, so that one look shows every problem."""

    def __init__(self, field: str | None, message: str) -> None:
        self.field = field
        super().__init__(message)


class Draft:
    """Gathers the places of one file beside those the town has."""

    def __init__(self, known: Places | None) -> None:
        self._known = known or Places(())
        self._places: dict[str, Place] = {}
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        self._rows: dict[str, int] = {}
        self._problems: list[ImportProblem] = []

    def refuse(self, row: int, field: str | None, message: str) -> None:
        """Note a problem; `finish` will raise."""
        self._problems.append(ImportProblem(row, field, message))

    @property
    def refused(self) -> int:
        """How many problems have been noted so far."""
        return len(self._problems)

    def imply(self, code: str, names: Mapping[Kind, str]) -> None:
        """Make the place of a CBS code that the file only mentions, and those above it; named by its code at worst."""
        kind = kind_of_code(code)
        if kind is None or self._get(code):
            return
        above = code_above(code)
        if above:
            self.imply(above, names)
        self._keep(Place(code, names.get(kind) or code, kind, above))

    def add(
        self,
        row: int,
        kind: Kind,
        code: str,
        name: str,
        parent: str | None,
        geometry: MultiPolygon | None = None,
    ) -> None:
        """Take one place; code: empty when it has none; parent: an id or a name. Raises RowRefused."""
        if not name:
            raise RowRefused("name", "no name")
        if kind_of_code(code) not in (None, kind):
            raise RowRefused("code", f"{code} is the code of a {kind_of_code(code)}, not of a {kind}")
        above = self._parent(kind, parent)
        place_id = self._id(kind, code, name, above)
        if place_id in self._rows:
            first = self._places[place_id].name
            raise RowRefused("name", f"{name} is the same place as {first} in row {self._rows[place_id]}: {place_id}")
        self._rows[place_id] = row
        self._keep(self._joined(Place(place_id, name, kind, above, geometry=geometry)))

    def finish(self) -> list[Place]:
        """The places of the file, parents first. Raises ImportRefused when anything was wrong with any of them."""
        if not self._problems:
            whole = {**{place.id: place for place in self._known}, **self._places}
            for place_id, sentence in problems_of(whole.values()):
                self.refuse(self._rows.get(place_id, 0), None, sentence)
        if self._problems:
            raise ImportRefused(sorted(self._problems, key=lambda problem: problem.row))
        return sorted(self._places.values(), key=lambda place: LEVELS[place.kind])

    def _get(self, place_id: str) -> Place | None:
        return self._places.get(place_id) or self._known.get(place_id)

    def _keep(self, place: Place) -> None:
        self._places[place.id] = place
        self._by_name[fold(place.name)].append(place)

    def _parent(self, kind: Kind, text: str | None) -> str | None:
        """The id of the place that *text* names. Raises RowRefused when there is none, or more than one."""
        if not text:
            if kind == "municipality":
                return None
            raise RowRefused("parent", f"a {kind} needs a parent")
        if self._get(tidy_code(text)):
            return tidy_code(text)
        meant = {place.id for place in self._called(text) if _may_stand_under(kind, place.kind)}
        if not meant:
            raise RowRefused("parent", f"no place for a {kind} to stand under is called {text}")
        if len(meant) > 1:
            raise RowRefused("parent", f"{text} may be {' or '.join(sorted(meant))}: give the code")
        return meant.pop()

    def _called(self, name: str) -> Iterator[Place]:
        yield from (place for place in self._by_name.get(fold(name), ()) if self._places[place.id] is place)
        yield from (place for place in self._known.find(name) if place.id not in self._places)

    def _id(self, kind: Kind, code: str, name: str, parent: str | None) -> str:
        if code:
            return code
        if parent is None:
            raise RowRefused("code", "a municipality needs a code")
        if kind == "street":
            return street_id(parent, name)
        same = [place.id for place in self._known.find(name, kind) if self._known.covers(parent, place.id)]
        if len(same) > 1:
            raise RowRefused("name", f"{name} may be {' or '.join(same)}: give the code")
        return same[0] if same else uncoded_id(parent, name)

    def _joined(self, place: Place) -> Place:
        """*place* with what the file leaves out as the town has it: a nearer parent, the centre, the border."""
        old = self._known.get(place.id)
        if old is None:
            return place
        keeps_parent = (
            place.parent is not None and old.parent is not None and self._known.covers(place.parent, old.parent)
        )
        return msgspec.structs.replace(
            place,
            parent=old.parent if keeps_parent else place.parent,
            centre=old.centre,
            geometry=place.geometry or old.geometry,
        )


def _may_stand_under(kind: Kind, parent: Kind) -> bool:
    return parent == "neighbourhood" if kind == "street" else LEVELS[parent] < LEVELS[kind]
