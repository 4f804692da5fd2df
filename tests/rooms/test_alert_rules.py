"""The rules of alerts: which step from which state, by whom; when a second officer is needed; what ends when."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from rooms import alert_rules as rules
from rooms.alert_chain import Alert, Content, Message, view
from rooms.alert_rules import Action, ActionName, begin, due_at, step
from rooms.alert_shape import AlertState, AlertWords
from rooms.default_town import default_town
from rooms.person import Organisation, Person, Role
from rooms.place import Places
from rooms.refusal import Refusal
from rooms.shape import By, NamedPlace, Severity
from tests.town import ESCAMP, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST

NOW, MINUTE, HOUR = 1_795_442_461_234, 60_000, 3_600_000
VEGA, KOK = (By(name, name, "officer", "police") for name in ("vega", "kok"))
SMIT = By("smit", "smit", "moderator", "police")
BAKKER, VISSER = (By(name, name, "moderator", "municipality") for name in ("bakker", "visser"))
WORDS = AlertWords(language="nl", event="Brand", headline="Rook", text="Een loods staat in brand.")
CONTENT = Content(severity="moderate", urgency="immediate", certainty="observed", words=(WORDS,), expires_at=NOW + HOUR)
DRAFT = Alert(
    id="k3m7x2w7q4v5", organisation="police", author=VEGA, category="fire", content=CONTENT,
    areas=(NamedPlace(MOERWIJK_WEST, "Moerwijk-West"),), rooms=(MOERWIJK_WEST,), neighbourhoods=(),
    districts=(ESCAMP,), members=2,
)  # fmt: skip
PLACES = Places(default_town())


def _with(alert: Alert, **changed: Any) -> Alert:
    return msgspec.structs.replace(alert, **changed)


GRAVER = msgspec.structs.replace(CONTENT, severity="extreme")
WAITING = begin(_with(DRAFT, needs_approval=True), NOW).alert
IN_FORCE = begin(DRAFT, NOW).alert
PENDING = step(IN_FORCE, Action(name="update", by=VEGA, content=GRAVER), NOW).alert
STATES: dict[str, Alert] = {
    "waiting": WAITING,
    "in_force": IN_FORCE,
    "pending": PENDING,
    **{state: _with(IN_FORCE, state=state) for state in ("cancelled", "cleared", "expired", "lapsed", "declined")},
}
LEADS_TO: dict[tuple[str, ActionName], tuple[AlertState, str | None]] = {
    ("waiting", "approve"): ("in_force", "alert"),
    ("waiting", "decline"): ("declined", None),
    ("in_force", "update"): ("in_force", "update"),
    ("in_force", "cancel"): ("cancelled", "cancel"),
    ("in_force", "clear"): ("cleared", "clear"),
    ("pending", "approve"): ("in_force", "update"),
    ("pending", "decline"): ("in_force", None),
    ("pending", "cancel"): ("cancelled", "cancel"),
    ("pending", "clear"): ("cleared", "clear"),
}
"""Every step that somebody can take, and what goes out by it; every other one is wrong_state."""
BY_HAND = tuple(name for name in get_args(ActionName) if name != "due")


def _action(name: ActionName, by: By = KOK) -> Action:
    return Action(name=name, by=by, content=CONTENT if name == "update" else None, reason="Omdat het zo is.")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", BY_HAND)
def test_every_step_from_every_state(state: str, name: ActionName) -> None:
    """The table says where each leads; nothing else is possible, and what is over stays over."""
    if (state, name) not in LEADS_TO:
        with pytest.raises(Refusal) as refusal:
            step(STATES[state], _action(name), NOW)
        assert refusal.value.code == "wrong_state"
        return
    moved = step(STATES[state], _action(name), NOW + 1)
    assert (moved.alert.state, moved.sends) == LEADS_TO[state, name]
    assert moved.alert.pending is None
    assert moved.alert.changed == NOW + 1
    if name in ("cancel", "clear"):
        assert moved.alert.reason == "Omdat het zo is."


@pytest.mark.parametrize(("state", "name"), LEADS_TO)
def test_another_organisation_takes_no_step(state: str, name: ActionName) -> None:
    """An alert is the own organisation's from its beginning to its end."""
    with pytest.raises(Refusal) as refusal:
        step(STATES[state], _action(name, BAKKER), NOW)
    assert refusal.value.code == "not_permitted"


@pytest.mark.parametrize("state", ["waiting", "pending"])
def test_a_second_officer_is_somebody_else(state: str) -> None:
    """Not who wrote it, and nobody who could not have sent it."""
    for by, code in ((VEGA, "second_officer"), (SMIT, "not_permitted")):
        with pytest.raises(Refusal) as refusal:
            step(STATES[state], _action("approve", by), NOW)
        assert refusal.value.code == code
    assert step(STATES[state], _action("decline", VEGA), NOW).sends is None


def test_who_wrote_the_alert_may_approve_a_colleagues_update() -> None:
    """The second look is at the update, by anybody but its own author."""
    pending = step(IN_FORCE, Action(name="update", by=KOK, content=GRAVER), NOW).alert
    approved = step(pending, _action("approve", VEGA), NOW)
    assert (approved.sends, approved.by, approved.alert.approver) == ("update", KOK, VEGA)
    assert approved.alert.content == GRAVER


@pytest.mark.parametrize(
    ("severity", "districts", "needs"),
    [
        ("unknown", 1, False),
        ("minor", 1, False),
        ("moderate", 1, False),
        ("severe", 1, True),
        ("extreme", 1, True),
        ("minor", 2, True),
    ],
)
def test_when_a_second_officer_is_needed(severity: Severity, districts: int, needs: bool) -> None:
    """Severe, extreme, or more than one district (product.md 6)."""
    assert rules.needs_approval(severity, [str(number) for number in range(districts)]) is needs


@pytest.mark.parametrize(
    ("approved", "severity", "needs"),
    [
        (None, "moderate", False),
        (None, "severe", True),
        ("moderate", "severe", True),
        ("severe", "severe", False),
        ("severe", "minor", False),
        ("severe", "extreme", True),
        ("extreme", "severe", False),
    ],
)
def test_when_an_update_needs_one(approved: Severity | None, severity: Severity, needs: bool) -> None:
    """Where it makes the alert graver than anybody else has seen it."""
    assert rules.update_needs_approval(approved, severity) is needs


@pytest.mark.parametrize(
    ("role", "organisation", "severity", "refused"),
    [
        (Role.OFFICER, Organisation.POLICE, "extreme", None),
        (Role.MODERATOR, Organisation.POLICE, "minor", {}),
        (Role.MODERATOR, Organisation.MUNICIPALITY, "moderate", None),
        (Role.MODERATOR, Organisation.MUNICIPALITY, "severe", {"field": "severity"}),
        (Role.RESIDENT, None, "minor", {}),
        (Role.AUDITOR, None, "minor", {}),
    ],
)
def test_who_may_send_what(
    role: Role, organisation: Organisation | None, severity: Severity, refused: dict[str, str] | None
) -> None:
    """Officers everything; moderators of the municipality up to moderate; nobody else anything."""
    person = Person(id="a", name="a", role=role, organisation=organisation)
    if refused is None:
        rules.check_sender(person, severity)
        return
    with pytest.raises(Refusal) as refusal:
        rules.check_sender(person, severity)
    assert (refusal.value.code, refusal.value.facts) == ("not_permitted", refused)


def test_who_could_approve() -> None:
    """Another officer for an officer, another moderator for one of the municipality."""
    assert rules.may_approve(KOK, VEGA)
    assert rules.may_approve(VISSER, BAKKER)
    assert not any(rules.may_approve(by, VEGA) for by in (VEGA, SMIT, BAKKER, By("ada", "Ada", "resident")))


@pytest.mark.parametrize(
    ("held", "area", "touched"),
    [
        (ESCAMP, MOERWIJK_WEST, True),
        (MOERWIJK_WEST, ESCAMP, True),
        (MOERWIJK_WEST, JAN_LUYKENLAAN, True),
        (MOERWIJK_WEST, MOERWIJK_WEST, True),
        (MOERWIJK_WEST, GOUDKARPERSINGEL, False),
        ("GM0518.leidschenveen-ypenburg", JAN_LUYKENLAAN, False),
    ],
)
def test_whom_an_alert_concerns(held: str, area: str, touched: bool) -> None:
    """Whose area it lies in, and who has a part of it."""
    assert rules.touches(PLACES, [held], [area]) is touched


# the clock -------------------------------------------------------------------------------------------


def _due(alert: Alert, now_ms: int) -> rules.Step:
    return step(alert, Action(name="due"), now_ms)


def test_what_waits_lapses_after_five_minutes() -> None:
    """And at its own end, where that comes first."""
    assert due_at(WAITING, NOW) == NOW + 5 * MINUTE
    assert _due(WAITING, NOW + 5 * MINUTE - 1).alert == WAITING
    assert _due(WAITING, NOW + 5 * MINUTE).alert.state == "lapsed"
    soon = msgspec.structs.replace(CONTENT, expires_at=NOW + MINUTE)
    assert due_at(begin(_with(DRAFT, needs_approval=True, content=soon), NOW).alert, NOW) == NOW + MINUTE


def test_an_update_lapses_and_the_alert_stays() -> None:
    """With its old end as the next deadline."""
    assert due_at(PENDING, NOW) == NOW + 5 * MINUTE
    lapsed = _due(PENDING, NOW + 5 * MINUTE)
    assert (lapsed.alert.state, lapsed.alert.pending, lapsed.sends) == ("in_force", None, None)
    assert lapsed.alert.content == CONTENT
    assert due_at(lapsed.alert, NOW) == NOW + HOUR


def test_an_alert_ends_with_whatever_waits() -> None:
    """Both deadlines over at once: the end counts."""
    ended = _due(PENDING, NOW + HOUR)
    assert (ended.alert.state, ended.alert.pending, ended.sends, ended.by) == ("expired", None, "expired", None)


@pytest.mark.parametrize("name", ["update", "cancel", "clear"])
def test_after_its_end_nothing_can_be_said(name: ActionName) -> None:
    """Also before anybody has carried the end out."""
    with pytest.raises(Refusal) as refusal:
        step(IN_FORCE, _action(name), NOW + HOUR)
    assert refusal.value.code == "wrong_state"


@pytest.mark.parametrize("state", ["waiting", "pending"])
def test_after_five_minutes_nothing_can_be_approved(state: str) -> None:
    """The deadline holds whether or not a process was there to see it."""
    with pytest.raises(Refusal) as refusal:
        step(STATES[state], _action("approve"), NOW + 5 * MINUTE)
    assert refusal.value.code == "wrong_state"


def test_what_is_under_way_is_due_soon() -> None:
    """Until every room has it; where a room could not take it, later, but not after its end."""
    message = Message(n=1, type="alert", sent=NOW, by=VEGA)
    under_way = _with(IN_FORCE, messages=(message,))
    assert due_at(under_way, NOW) == NOW + 2_000
    assert due_at(_with(under_way, put_off_until=NOW + 30_000), NOW) == NOW + 30_000
    assert due_at(_with(under_way, put_off_until=NOW + 2 * HOUR), NOW) == NOW + HOUR
    assert due_at(_with(under_way, delivered=1), NOW) == NOW + HOUR
    over = _with(under_way, state="cleared")
    assert (due_at(over, NOW), due_at(_with(over, delivered=1), NOW)) == (NOW + 2_000, 0)


@pytest.mark.parametrize("state", ["cancelled", "cleared", "expired", "lapsed", "declined"])
def test_what_is_over_rests(state: str) -> None:
    """The clock changes nothing any longer."""
    assert _due(STATES[state], NOW + 100 * HOUR).alert == STATES[state]
    assert due_at(STATES[state], NOW) == 0


# what staff see --------------------------------------------------------------------------------------


def test_staff_of_the_other_organisation_see_no_update_that_waits() -> None:
    """The alert itself they see as it is."""
    assert view(PENDING).pending is not None
    assert view(PENDING, is_own=False) == view(_with(PENDING, pending=None))


def test_the_end_by_the_clock_is_no_message_to_count() -> None:
    """n and sent are of what was signed."""
    messages = (Message(n=1, type="alert", sent=NOW, by=VEGA), Message(n=2, type="expired", sent=NOW + HOUR, by=VEGA))
    seen = view(_with(IN_FORCE, state="expired", messages=messages))
    assert (seen.n, seen.sent) == (1, NOW)
