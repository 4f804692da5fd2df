"""The activity of a room: what entries make of it, what it asks of a person, and that no word is in it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from rooms import activity_store
from rooms.activity import (
    DIGITS,
    HOUR,
    MINUTE_MS,
    REASONS,
    STEP,
    Activity,
    KnownCase,
    KnownReport,
    KnownWarning,
    Told,
    Watch,
    difference,
    is_lively,
    minute_of,
    rooms_of,
    summary,
    take,
    take_case,
    take_report,
    talk_of,
)
from rooms.activity_shape import BoardReason, BoardRow
from rooms.call import Call
from rooms.event import EVENTS, Entry
from rooms.keys import room_keys
from rooms.message import Post, post
from rooms.store import Store
from rooms.town import Town
from rooms.watching import areas_of
from tests.town import (
    BETJE_WOLFFSTRAAT,
    ESCAMP,
    GOUDKARPERSINGEL,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    POLICE_DESK,
    MovedClock,
    client_id,
)

NOW = 1_795_442_461_234
MINUTE = minute_of(NOW)
POLICE, DECIDES = Watch("police", decides=False), Watch("municipality", decides=True)


def entry(name: str, seq: int = 1, at: int = NOW, **more: Any) -> Entry:
    """The example of the table, as an entry of the street."""
    return Entry(JAN_LUYKENLAAN, seq, at, name, {"id": "x", "name": "Ada", "role": "officer", "organisation": "police"},
                 EVENTS[name].example | more)  # fmt: skip


def case(case_id: str = "p07.aaaaaaaaaaaa", **more: Any) -> dict[str, Any]:
    """A case as it is told, to the police."""
    raised: dict[str, Any] = EVENTS["escalation.raised"].example["case"]
    return raised | {"id": case_id, "to": "police"} | more


def known(**more: Any) -> KnownCase:
    return msgspec.convert(case(**more), KnownCase)


# the minutes -----------------------------------------------------------------------------------------


def test_messages_are_counted_in_their_minute() -> None:
    """Three now, one two minutes ago; what was an hour ago is shown no longer."""
    activity = Activity(minute=MINUTE)
    for at in (NOW, NOW, NOW - 2 * MINUTE_MS, NOW, NOW - HOUR * MINUTE_MS):
        activity.count(minute_of(at))
    assert activity.minutes[-3:] == [1, 0, 3]
    assert sum(activity.minutes) == 4


def test_the_minutes_move_on() -> None:
    """A minute later the last one is empty, an hour later all of them are; time never goes back."""
    activity = Activity(minute=MINUTE)
    activity.count(MINUTE, 7)
    activity.pass_to(MINUTE + 2)
    activity.pass_to(MINUTE)
    assert activity.minutes[-3:] == [7, 0, 0]
    activity.pass_to(MINUTE + 59)
    assert activity.minutes[0] == 7
    activity.pass_to(MINUTE + 60)
    assert activity.minutes == [0] * HOUR
    activity.pass_to(MINUTE + 9_999)
    assert len(activity.minutes) == HOUR


def test_only_messages_are_talk() -> None:
    """A reaction, an answer or a neighbour who moves in makes no room lively."""
    for name in (name for name, row in EVENTS.items() if row.keeps):
        activity = Activity(minute=MINUTE)
        take(activity, entry(name))
        assert sum(activity.minutes) == (name == "message.posted"), name


def test_what_is_in_already_is_not_counted_again() -> None:
    """An entry up to the seq at which the activity was read is in it."""
    activity = Activity(seq=5, minute=MINUTE)
    assert not take(activity, entry("message.posted", 5))
    assert take(activity, entry("message.posted", 6))
    assert not take(activity, entry("message.posted", 6))
    assert sum(activity.minutes) == 1


def test_minutes_are_read_as_they_are_written() -> None:
    """Fifteen digits each, the newest first; of a room without talk there are none."""
    assert talk_of(b"299241070000003", b"299241060000012299240590000001") == [
        (29924107, 3), (29924106, 12), (29924059, 1),
    ]  # fmt: skip
    assert talk_of(b"299241070000003", None) == [(29924107, 3)]
    assert talk_of(None, None) == []


# states ----------------------------------------------------------------------------------------------


def test_a_warning_is_there_while_it_is_in_force() -> None:
    """Raised, corrected, and over in each of the ways there are."""
    for end in ("warning.cleared", "warning.expired", "warning.retracted", "entry.removed"):
        activity = Activity()
        take(activity, entry("warning.raised", 1, kind="fire", severity="severe", until=5))
        take(activity, entry("warning.corrected", 2, target=1, severity="minor", until=9))
        assert activity.warnings == {1: KnownWarning(1, "fire", "minor", 9)}
        take(activity, entry("warning.corrected", 3, target=99, severity="minor"))
        assert take(activity, entry(end, 4, target=1))
        assert activity.warnings == {}


def test_a_warning_that_was_blanked_stayed_on_the_board() -> None:
    """One that went with its author's account leaves no entry: it is there no longer than it would have held."""
    activity = Activity(minute=MINUTE)
    take(activity, entry("warning.raised", 1, kind="fire", severity="severe", until=NOW + MINUTE_MS))
    activity.pass_to(MINUTE + 2)
    assert list(activity.warnings) == [1]  # the entry that says so may be under way
    assert activity.is_busy
    activity.pass_to(MINUTE + 3)
    assert activity.warnings == {}
    assert not activity.is_busy


def test_a_case_is_there_while_it_is_open() -> None:
    """Raised, taken, its deadline started anew beside the log, resolved."""
    activity = Activity()
    take(activity, entry("escalation.raised", 1, case=case(state="paging", deadline=10)))
    take(activity, entry("escalation.accepted", 2, case=case(state="accepted", deadline=20)))
    assert take_case(activity, case(state="accepted", deadline=30))
    assert not take_case(activity, case(state="accepted", deadline=30))
    assert not take_case(activity, case(state="paging", deadline=10, version=1))  # it was overtaken
    assert [(one.state, one.deadline) for one in activity.cases.values()] == [("accepted", 30)]
    take(activity, entry("escalation.resolved", 3, case=case(state="resolved")))
    assert activity.cases == {}
    assert not take_case(activity, case(state="accepted"))  # what comes late does not bring it back


def test_a_private_case_is_on_no_board() -> None:
    """Not even should it be told in a room by mistake."""
    activity = Activity()
    take(activity, entry("escalation.raised", 1, case=case(private=True)))
    assert activity.cases == {}


def test_staff_are_inside_between_their_entries() -> None:
    """Each counted once, whatever the grounds."""
    activity = Activity()
    for seq in (1, 2):
        take(activity, entry("staff.entered", seq))
    assert len(activity.staff) == 1
    take(activity, entry("staff.left", 3))
    assert activity.staff == set()


def test_an_alert_is_there_until_it_ends() -> None:
    """Broadcast and updated it stays, cancelled, cleared or expired it goes."""
    for end in ("alert.cancelled", "alert.cleared", "alert.expired"):
        activity = Activity()
        for seq, name in enumerate(("alert.broadcast", "alert.updated"), 1):
            take(activity, entry(name, seq, alert="abc"))
        assert activity.alerts == {"abc": "police"}
        take(activity, entry(end, 3, alert="abc"))
        assert activity.alerts == {}


def test_a_report_is_there_until_it_is_decided() -> None:
    """Filed, taken, decided; what was overtaken changes nothing."""
    activity, told = Activity(), EVENTS["report.changed"].example["report"] | {"report": "r", "version": 2}
    assert take_report(activity, told | {"deadline": 9})
    assert not take_report(activity, told | {"deadline": 9})
    assert not take_report(activity, told | {"version": 1, "deadline": 5})
    assert activity.reports == {"r": KnownReport(2, 9)}
    assert take_report(activity, told | {"version": 3, "state": "decided"})
    assert activity.reports == {}


# who sees what ---------------------------------------------------------------------------------------


def test_a_call_is_shown_to_the_organisation_it_concerns() -> None:
    """And to the one that is asked to take it over; to the other the room is quiet."""
    activity = Activity(minute=MINUTE, cases={"a": known(state="paging")})
    assert [row["id"] for row in summary(activity, POLICE, NOW)["cases"]] == ["p07.aaaaaaaaaaaa"]
    assert summary(activity, DECIDES, NOW)["cases"] == []
    assert summary(activity, DECIDES, NOW)["why"] == "quiet"
    activity.cases["a"] = known(state="handing_over", handing_to="municipality")
    assert len(summary(activity, DECIDES, NOW)["cases"]) == 1


def test_reports_are_shown_to_those_who_decide() -> None:
    """With their deadlines, and nothing of them to others."""
    activity = Activity(minute=MINUTE, reports={"r": KnownReport(1, NOW + 5)})
    assert summary(activity, POLICE, NOW)["reports"] == []
    assert summary(activity, DECIDES, NOW)["reports"] == [{"id": "r", "deadline": NOW + 5}]
    assert summary(activity, DECIDES, NOW)["why"] == "report"
    assert summary(activity, DECIDES, NOW + 6)["why"] == "overdue_report"


def test_no_word_that_was_said_is_in_a_summary() -> None:
    """Whatever happens in a room: its row reads as BoardRow, and holds no text of anybody."""
    secret, activity = "GEHEIM", Activity(minute=MINUTE)
    for seq, name in enumerate((name for name, row in EVENTS.items() if row.keeps), 1):
        told = entry(name, seq)
        take(activity, Entry(told.room, seq, NOW, name, told.by, _marked(told.data, secret)))
    take(activity, entry("warning.raised", 900, text=secret, place_note=secret))
    take(activity, entry("escalation.raised", 901, case=case(text=secret)))
    for watch in (POLICE, DECIDES):
        row = summary(activity, watch, NOW)
        msgspec.convert({"room": JAN_LUYKENLAAN, **row}, BoardRow)
        assert secret not in json.dumps(row)
        assert "Ada" not in json.dumps(row)


def _marked(data: Any, secret: str) -> Any:
    """The same with every text of a person replaced."""
    if isinstance(data, dict):
        texts = ("text", "reason", "place_note", "name")
        return {name: secret if name in texts else _marked(value, secret) for name, value in data.items()}
    return data


# what it asks ----------------------------------------------------------------------------------------

LIVELY = [0] * 55 + [3] * 5
WARNING = KnownWarning(1, "theft", "moderate", NOW + 1)
DANGER = KnownWarning(2, "fire", "extreme", NOW + 1)


@pytest.mark.parametrize(
    ("why", "fields"),
    [
        ("unanswered", {"cases": {"a": known(state="unanswered", urgency="soon")}}),
        ("urgent_waiting", {"cases": {"a": known(state="paging", urgency="urgent")}}),
        ("overdue_report", {"reports": {"r": KnownReport(1, NOW)}}),
        ("waiting", {"cases": {"a": known(state="listed", urgency="information")}}),
        ("danger", {"warnings": {2: DANGER}}),
        ("report", {"reports": {"r": KnownReport(1, NOW + 1)}}),
        ("alert", {"alerts": {"abc": "police"}}),
        ("lively", {"minutes": LIVELY}),
        ("warned", {"warnings": {1: WARNING}}),
        ("handled", {"cases": {"a": known(state="accepted", urgency="urgent")}}),
        ("inside", {"staff": {"vega"}}),
        ("talking", {"minutes": [0] * 59 + [1]}),
        ("quiet", {"minutes": [9] * 50 + [0] * 10}),
    ],
)
def test_the_reason_is_said(why: BoardReason, fields: dict[str, Any]) -> None:
    """One word per room: what a person is needed for most."""
    watch = Watch("police", decides=True)
    assert summary(Activity(minute=MINUTE, **fields), watch, NOW)["why"] == why


def test_what_needs_a_person_most_comes_first() -> None:
    """A reason that is more pressing outweighs any number of lesser ones; of the same reason the room with more."""
    watch = Watch("police", decides=True)
    busy = Activity(minute=MINUTE, minutes=[0] * 55 + [900] * 5, warnings={1: WARNING})
    one = Activity(minute=MINUTE, cases={"a": known(state="unanswered")})
    two = Activity(minute=MINUTE, cases={name: known(state="unanswered") for name in "ab"})
    scores = [summary(each, watch, NOW)["score"] for each in (busy, one, two)]
    assert scores == sorted(set(scores))
    assert scores[0] // STEP == REASONS.index("lively")


def test_lively_is_more_than_usual() -> None:
    """A room that always talks so much is not lively, nor is one with a few words after an hour of silence."""
    assert is_lively(LIVELY)
    assert not is_lively([3] * 60)
    assert not is_lively([0] * 55 + [2] * 5)


# differences -----------------------------------------------------------------------------------------


def test_a_difference_is_what_has_changed() -> None:
    """Of the minutes the last ones, from the first that differs; nothing where nothing differs."""
    activity = Activity(minute=MINUTE, minutes=[0] * 58 + [4, 1])
    before = Told(MINUTE, summary(activity, POLICE, NOW))
    assert difference(before, Told(MINUTE, summary(activity, POLICE, NOW))) == {}
    activity.count(MINUTE)
    activity.staff.add("vega")
    assert difference(before, Told(MINUTE, summary(activity, POLICE, NOW))) == {
        "minutes": [2], "staff": 1, "why": "inside", "score": REASONS.index("inside") * STEP + 1,
    }  # fmt: skip


def test_time_alone_is_no_difference() -> None:
    """Both sides move their minutes on by themselves; a message after a silence tells itself alone."""
    activity = Activity(minute=MINUTE, minutes=[0] * 58 + [4, 1])
    before = Told(MINUTE, summary(activity, POLICE, NOW))
    later = NOW + 3 * MINUTE_MS
    assert difference(before, Told(MINUTE + 3, summary(activity, POLICE, later))) == {}
    activity.count(MINUTE + 3)
    change = difference(before, Told(MINUTE + 3, summary(activity, POLICE, later)))
    assert change["minutes"] == [1]
    assert (before.minutes_at(MINUTE + 3)[:-1] + change["minutes"])[-5:] == [4, 1, 0, 0, 1]


# in the store ----------------------------------------------------------------------------------------


async def test_the_script_that_writes_keeps_the_counts(
    town: Town, store: Store, clock: MovedClock, resident: Any
) -> None:
    """Messages of an hour are found in their minutes, with the seq; what is older is forgotten."""
    ada = await resident("Ada")
    moments = []
    for seconds_on in (0, 1, 1, 60, 58 * 60, 1, 60, 1, 1, 1):
        clock.forward(seconds=seconds_on)
        moments.append(clock.now_ms())
        asked = Post(room=JAN_LUYKENLAAN, client_id=client_id("Ada", len(moments)), text="GEHEIM")
        assert (await post(town, Call(ada, asked, moments[-1], f"{len(moments):016}")))["ok"]
    found = (await activity_store.load(town, [JAN_LUYKENLAAN, GOUDKARPERSINGEL]))[JAN_LUYKENLAAN]
    ago = [found.minute - minute_of(moment) for moment in moments]
    assert found.minutes == [ago.count(HOUR - 1 - index) for index in range(HOUR)]
    assert max(ago) >= HOUR
    assert found.seq == int(await store.read("HGET", room_keys(JAN_LUYKENLAAN).head, "seq"))
    assert len(await store.read("HGET", room_keys(JAN_LUYKENLAAN).head, "hour")) <= HOUR * DIGITS


async def test_counts_from_the_store_are_those_from_the_feed(town: Town, clock: MovedClock, resident: Any) -> None:
    """Whoever reads now and whoever has followed from the beginning know the same."""
    ada = await resident("Ada")
    followed = (await activity_store.load(town, [JAN_LUYKENLAAN]))[JAN_LUYKENLAAN]
    for number in range(1, 40):
        clock.forward(seconds=47)
        now_ms = clock.now_ms()
        asked = Post(room=JAN_LUYKENLAAN, client_id=client_id("Ada", number), text="Hallo")
        reply = await post(town, Call(ada, asked, now_ms, f"{number:016}"))
        take(followed, entry("message.posted", reply["seq"], now_ms))
    read = (await activity_store.load(town, [JAN_LUYKENLAAN]))[JAN_LUYKENLAAN]
    followed.pass_to(read.minute)
    assert read.minutes == followed.minutes
    assert read.seq == followed.seq


async def test_a_room_where_nothing_ever_happened_is_quiet(town: Town) -> None:
    """It has no key at all."""
    found = (await activity_store.load(town, [BETJE_WOLFFSTRAAT]))[BETJE_WOLFFSTRAAT]
    assert summary(found, POLICE, town.clock.now_ms())["why"] == "quiet"
    assert found.seq == 0


def test_a_board_has_the_rooms_of_the_jurisdiction(town: Town) -> None:
    """Its streets and neighbourhoods; no desk, nothing outside, each once where areas overlap."""
    rooms = [room.id for room in rooms_of(town.places, (ESCAMP, MOERWIJK_WEST))]
    assert len(set(rooms)) == len(rooms)
    assert {JAN_LUYKENLAAN, MOERWIJK_WEST} <= set(rooms)
    assert not {GOUDKARPERSINGEL, POLICE_DESK} & set(rooms)
    inside = {room.id for room in town.places.rooms() if room.kind != "desk" and town.places.covers(ESCAMP, room.place)}
    assert set(rooms) == inside
    assert rooms_of(town.places, ("nergens",)) == []


def test_the_places_above_are_told_once(town: Town) -> None:
    """From the municipality down to the neighbourhoods, each with the one above it."""
    areas = areas_of(town.places, rooms_of(town.places, (ESCAMP,)))
    known: set[str] = set()
    for area in areas:
        assert area.parent is None or area.parent in known
        known.add(area.id)
    assert len(known) == len(areas)
    assert {ESCAMP, MOERWIJK_WEST} <= known
