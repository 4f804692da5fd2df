"""How cases run by organisation and area: what an admin has set, laid over the town's own numbers. Pure.

A rule says some numbers for the cases of one organisation and urgency, in one place or everywhere. Each number is that
of the nearest place above the case for which it was set, else the organisation's, else the town's. It is copied into
the case when it opens: open cases keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

import msgspec

from rooms.on_call import CasePolicy, Line, Tier
from rooms.refusal import Refusal
from rooms.shape import OrganisationName, Urgency

EVERYWHERE = ""


class Where(NamedTuple):
    """What a rule is about. place: its id, EVERYWHERE for the whole town."""

    organisation: OrganisationName
    urgency: Urgency
    place: str = EVERYWHERE

    @property
    def field(self) -> str:
        """As it is kept; an id of a place may hold a colon."""
        return ":".join(self)


def where(field: str) -> Where:
    """The other way round."""
    organisation, urgency, place = field.split(":", 2)
    return Where(organisation, urgency, place)  # type: ignore[arg-type]  # words of the field that Where made


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The numbers of a CasePolicy that are set; None for those that are not."""

    tiers: tuple[Tier, ...] | None = None
    accepted_ms: int | None = None
    reminder_ms: int | None = None
    handing_over_ms: int | None = None
    listed_ms: int | None = None
    unanswered_ms: int | None = None
    resolved_ms: int | None = None

    def numbers(self) -> dict[str, Any]:
        """Those that are set."""
        return {name: number for name, number in msgspec.structs.asdict(self).items() if number is not None}

    def over(self, earlier: Rule | None) -> Rule:
        """This rule, and of the earlier one what this does not say."""
        return self if earlier is None else msgspec.structs.replace(earlier, **self.numbers())


Rules = Mapping[Where, Rule]


def policy_for(
    rules: Rules, town: CasePolicy, organisation: OrganisationName, urgency: Urgency, line: Line
) -> CasePolicy:
    """How a case runs. town: the town's own numbers for that urgency.  line: the case's place and all above it."""
    policy = town
    for place in (EVERYWHERE, *(place for _, place in reversed(line))):  # the nearest has the last word
        rule = rules.get(Where(organisation, urgency, place))
        if rule is not None:
            policy = msgspec.structs.replace(policy, **rule.numbers())
    return policy


def check(at: Where, rule: Rule) -> None:
    """Raises Refusal("bad_request") for a rule that says nothing, or pages where nobody is to be paged."""
    if at.organisation not in get_args(OrganisationName) or at.urgency not in get_args(Urgency):
        raise Refusal("bad_request", field="policy", message="There is no such organisation or urgency.")
    if not rule.numbers():
        raise Refusal("bad_request", field="policy", message="Say at least one number of the policy.")
    if at.urgency == "information" and rule.tiers is not None:
        raise Refusal("bad_request", field="tiers", message="A case for information pages nobody: it has no tiers.")
