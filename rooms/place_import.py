"""Reads places from the files that towns have: GeoJSON of Statistics Netherlands (CBS), and CSV. PURE.

A file is taken whole or not at all: every problem is collected with its row and raised together as `ImportRefused`.
*known* are the places the town has already; join the result to them with `known.updated(places)`. What the file says
replaces them, what it leaves out stays: a wijk keeps its district, which CBS files don't name, and a place without a
code is recognised by its name.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from rooms import geojson
from rooms.cbs import CODE_FIELDS, SPELLINGS, UNINHABITED, code_above, tidy_code
from rooms.import_draft import Draft, ImportProblem, ImportRefused, RowRefused
from rooms.place import LEVELS, Kind, MultiPolygon, Place, Places
from rooms.place_name import tidy

__all__ = ["ImportProblem", "ImportRefused", "read_csv", "read_geojson"]

LARGEST_FILE: Final = 50 * 1024 * 1024
MOST_ROWS: Final = 200_000
CSV_COLUMNS: Final = ("code", "name", "kind", "parent")
_KINDS: Final[dict[str, Kind]] = {str(kind): kind for kind in LEVELS}


def read_geojson(
    data: bytes,
    mapping: Mapping[str, str] | None = None,
    kind: Kind | None = None,
    parent: str | None = None,
    known: Places | None = None,
) -> list[Place]:
    """The places of a GeoJSON FeatureCollection, parents first, with the wijken and municipalities it mentions.

    CBS files need nothing more. For others, *mapping* names the properties, as in {"name": "NAAM", "parent": "OP"} or
    {"buurtcode": "ID"}; *kind* is that of all features, *parent* the id or name of the place above them all.
    Raises ImportRefused.
    """
    draft = Draft(known)
    spellings = _spellings(mapping or {})
    try:
        features = geojson.split(_text(data))
    except geojson.GeoJsonError as error:
        raise ImportRefused([ImportProblem(0, None, str(error))]) from None
    _check_count(len(features))
    for row, raw in enumerate(features, start=1):
        try:
            feature = geojson.read(raw)
            fields = _fields(feature, spellings)
            if fields.get("water", "").upper() not in UNINHABITED:
                _add_feature(draft, row, fields, kind, parent, feature.geometry)
        except RowRefused as refused:
            draft.refuse(row, refused.field, str(refused))
        except geojson.GeoJsonError as error:
            draft.refuse(row, None, str(error))
    return draft.finish()


def read_csv(data: bytes, known: Places | None = None) -> list[Place]:
    """The places of a CSV with the columns code, name, kind and parent, comma or semicolon between; parents first.

    A place above the street may have a code, a street needs none. A parent is named by code, or by name where only one
    place can be meant; the rows may stand in any order. Raises ImportRefused.
    """
    draft = Draft(known)
    rows = list(_csv_rows(draft, _text(data)))
    _check_count(len(rows) + draft.refused)
    # From the municipality down, so that a parent has its id before its children ask for it.
    for line, fields in sorted(rows, key=lambda row: _level(row[1])):
        try:
            _add_row(draft, line, fields)
        except RowRefused as refused:
            draft.refuse(line, refused.field, str(refused))
    return draft.finish()


# -- both --------------------------------------------------------------------------------------------------------------


def _text(data: bytes) -> str:
    """The file as text, without a byte order mark. Raises ImportRefused when it is too large or not UTF-8."""
    if len(data) > LARGEST_FILE:
        raise ImportRefused([ImportProblem(0, None, f"the file is larger than {LARGEST_FILE // 1024 // 1024} MB")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise ImportRefused([ImportProblem(row, None, "the file is not UTF-8; save it as such")]) from None


def _check_count(rows: int) -> None:
    if rows == 0:
        raise ImportRefused([ImportProblem(0, None, "the file holds no places")])
    if rows > MOST_ROWS:
        raise ImportRefused([ImportProblem(0, None, f"the file holds more than {MOST_ROWS} places")])


# -- GeoJSON -----------------------------------------------------------------------------------------------------------


def _spellings(mapping: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Field -> the properties it may stand in, in lower case: what the caller named before what CBS calls it."""
    spellings = {"code": (), "name": (), "parent": (), **SPELLINGS}
    unknown = sorted(set(mapping) - set(spellings))
    if unknown:
        raise ImportRefused(
            [ImportProblem(0, field, f"no field of a place; use {', '.join(spellings)}") for field in unknown]
        )
    return {field: (mapping[field].lower(),) if field in mapping else names for field, names in spellings.items()}


def _fields(feature: geojson.Feature, spellings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Field -> its text, for the fields that this feature has."""
    properties = {name.lower(): raw for name, raw in feature.properties.items()}
    fields: dict[str, str] = {}
    for field, names in spellings.items():
        for name in names:
            if name in properties:
                fields[field] = _property(name, properties[name])
    return {field: text for field, text in fields.items() if text}


def _property(name: str, raw: msgspec.Raw) -> str:
    try:
        return geojson.text_of(raw)
    except geojson.GeoJsonError as error:
        raise RowRefused(name, str(error)) from None


def _add_feature(
    draft: Draft,
    row: int,
    fields: Mapping[str, str],
    kind: Kind | None,
    parent: str | None,
    geometry: MultiPolygon | None,
) -> None:
    kind = kind or _kind_of(fields)
    code_field, name_field = CODE_FIELDS.get(kind, ("code", "name"))
    name = tidy(fields.get("name") or fields.get(name_field, ""))
    code = tidy_code(fields.get("code") or fields.get(code_field, ""))
    above = parent or fields.get("parent") or _code_above(fields, kind, code)
    names = {level: tidy(fields[field]) for level, (_, field) in CODE_FIELDS.items() if field in fields}
    if above:
        draft.imply(tidy_code(above), names)
    draft.add(row, kind, code, name, above, geometry)


def _kind_of(fields: Mapping[str, str]) -> Kind:
    for kind, (code_field, _) in CODE_FIELDS.items():
        if code_field in fields:
            return kind
    raise RowRefused(
        None, "no buurtcode, wijkcode or gemeentecode: say which kind of place this is, and its properties"
    )


def _code_above(fields: Mapping[str, str], kind: Kind, code: str) -> str | None:
    """The parent that CBS properties name, or that the code itself tells."""
    named = {"neighbourhood": "wijkcode", "wijk": "gemeentecode"}.get(kind, "")
    return fields.get(named) or code_above(code)


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _csv_rows(draft: Draft, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line it begins in; rows that don't fit the header are noted as problems and left out."""
    first_line = text.split("\n", 1)[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not columns:
                columns = _columns(cells)
            elif len(cells) == len(columns):
                yield line, {column: tidy(cell) for column, cell in zip(columns, cells, strict=True)}
            elif any(cell.strip() for cell in cells):
                draft.refuse(line, None, f"{len(cells)} cells, but {len(columns)} columns")
            line = reader.line_num + 1
    except csv.Error as error:
        draft.refuse(line, None, f"not CSV: {error}")


def _columns(cells: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    if sorted(columns) != sorted(CSV_COLUMNS):
        raise ImportRefused([ImportProblem(1, None, f"the first line names the columns {','.join(CSV_COLUMNS)}")])
    return columns


def _level(fields: Mapping[str, str]) -> int:
    kind = _KINDS.get(fields["kind"])
    return LEVELS[kind] if kind else 0


def _add_row(draft: Draft, line: int, fields: Mapping[str, str]) -> None:
    if fields["kind"] not in _KINDS:
        raise RowRefused("kind", f"no kind of place; use {', '.join(_KINDS)}")
    draft.add(line, _KINDS[fields["kind"]], tidy_code(fields["code"]), fields["name"], fields["parent"] or None)
