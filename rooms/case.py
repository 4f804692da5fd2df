"""A case: what police or municipality were called for, how it stands, and what others may see of it. Pure."""

from __future__ import annotations

import msgspec

from rooms.on_call import CasePolicy, Line
from rooms.shape import (
    By,
    CaseKind,
    CaseState,
    CaseView,
    Emergency,
    NamedPlace,
    OrganisationName,
    Outcome,
    Reached,
    Urgency,
)

WAITING: frozenset[CaseState] = frozenset({"listed", "paging", "unanswered"})
OWNED: frozenset[CaseState] = frozenset({"accepted", "handing_over"})
OPEN: frozenset[CaseState] = WAITING | OWNED
URGENCIES: tuple[Urgency, ...] = ("information", "soon", "urgent")
"""Rising."""


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record of a case, whole.

    version: rises with every move.  room: where its entries stand, the case's own for a private one.
    line: its place and everything above.  alert: the id of the one about which the asker has information.
    person, asker: who called, and as whom others see that person.  policy: as it was when the case opened.
    due_at: when the next thing happens by itself, None where it rests for good.  owner: who has it, or had it last.
    paged: who is being called now; reached: who ever was; sent: to whose device the page was written; delivered,
    seen: whose device has it, and showed it; declined: struck off.
    """

    id: str
    version: int = 0
    room: str
    place: NamedPlace
    line: Line
    to: OrganisationName
    urgency: Urgency
    text: str
    kind: CaseKind | None = None
    warning: int | None = None
    emergency: Emergency | None = None
    private: bool = False
    person: str
    asker: By
    policy: CasePolicy
    since: int
    state: CaseState = "listed"
    tier: int = 0
    skipped: tuple[int, ...] = ()
    due_at: int | None = None
    reminded: bool = False
    owner: By | None = None
    handing_to: OrganisationName | None = None
    paged: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    alert: str | None = None
    quiet: bool = False
    withdrawn: bool = False
    reopened: bool = False
    outcome: Outcome | None = None
    helped: bool | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_final(self) -> bool:
        """Nothing will ever happen to it again."""
        return self.due_at is None

    @property
    def in_room(self) -> By | None:
        """The member of staff who is in the room on the ground of this case."""
        return self.owner if self.state in OWNED else None

    @property
    def organisations(self) -> frozenset[str]:
        """Whose staff it concerns."""
        return frozenset({self.to, self.handing_to} - {None})  # type: ignore[arg-type]  # None has gone


def view(case: Case) -> CaseView:
    """The case as the members of its room see it."""
    return CaseView(
        id=case.id, version=case.version, room=case.room, place=case.place, to=case.to, urgency=case.urgency,
        kind=case.kind, text=case.text, warning=None if case.private else case.warning, emergency=case.emergency,
        private=case.private, state=case.state, tier=case.tier, tiers=len(case.policy.tiers), skipped=case.skipped,
        since=case.since, deadline=case.due_at, owner=case.owner, handing_to=case.handing_to,
        reached=Reached(len(case.reached), len(case.sent), len(case.delivered), len(case.seen)), asker=case.asker,
        joined=len(case.joined), quiet=case.quiet, withdrawn=case.withdrawn, reopened=case.reopened,
        outcome=case.outcome, helped=case.helped, alert=case.alert,
    )  # fmt: skip


def page(case: Case, person: str = "") -> CaseView:
    """The case as staff see it who are not in its room: kind, place and urgency, and nothing of what was said.

    person: for whom, to tell whether they are being called.
    """
    return msgspec.structs.replace(
        view(case), text=None, asker=None, outcome=None, helped=None, warning=None, paged=person in case.paged
    )
