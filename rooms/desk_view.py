"""What a member of staff finds on coming to the desk: the open cases, as pages, and who is on duty."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from rooms import case_record as record
from rooms import roster
from rooms.case import page
from rooms.desk import concerns
from rooms.on_call import Duty
from rooms.person import Person
from rooms.shape import CaseView, DutyView
from rooms.store import HandedIn
from rooms.town import Town


class Glance(NamedTuple):
    """What was asked before anybody knew whether it is needed: which cases are open, and the roster."""

    open_ids: HandedIn[list[Any]]
    roster: HandedIn[list[Any]]


class DeskView(msgspec.Struct, frozen=True):
    cases: list[CaseView]
    duty: DutyView


def glance(town: Town) -> Glance:
    """Hand in what every desk begins with. To be taken at most once."""
    return Glance(record.open_ids(town), town.store.begin_all([roster.ASK]))


async def seen(town: Town, person: Person, glance: Glance) -> DeskView:
    """The desk of this person. Raises Refusal("unavailable")."""
    loaded = await record.those_open(town, await glance.open_ids)
    (kept,) = await glance.roster
    pages = [page(one.case, person.id) for one in loaded if concerns(one.case, person)]
    return DeskView(pages, duty_view(roster.those_in(kept), person))


def duty_view(there: Duty, person: Person) -> DutyView:
    """One's own duty, and the colleagues' of the organisation."""
    colleagues = tuple(one.by for one in there if one.organisation == person.organisation and one.person != person.id)
    return DutyView(any(one.person == person.id for one in there), colleagues)
