"""What is asked of cases and duty: the payloads of their commands. Pure.

A command that names a case names no room: the case's id carries its partition, `p07.k3m9x2w7q4v5`.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from rooms.alert_payload import AlertId
from rooms.call import ClientId, Id, Payload
from rooms.shape import (
    CaseKind,
    Emergency,
    OrganisationName,
    OutcomeCode,
    Seq,
    Urgency,
)

CaseId = Annotated[str, Meta(pattern=r"\Ap(0[0-9]|1[0-5])\.[a-z0-9]{12}\Z")]
Asking = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
Sentence = Annotated[str, Meta(min_length=10, max_length=280, pattern=r"\S")]
Note = Annotated[str, Meta(min_length=1, max_length=280, pattern=r"\S")]


class RaiseCase(Payload, frozen=True):
    """warning: the seq of one in the same room.  private: a room of its own, under a name of this case alone; named:
    the asker shows the own name there.  alert: one of the same room, of which the asker knows more; for the desk of the
    organisation that sent it."""

    room: Id
    client_id: ClientId
    to: OrganisationName
    urgency: Urgency
    text: Asking
    kind: CaseKind | None = None
    warning: Seq | None = None
    emergency: Emergency | None = None
    private: bool = False
    named: bool = False
    alert: AlertId | None = None

    def __post_init__(self) -> None:
        if self.alert is not None and not self.private:
            raise ValueError("What you know about an alert is a private case - at `$.private`")
        if self.kind == "worry" and not (self.private and self.to == "municipality"):
            raise ValueError("Worry about a neighbour is a private case for the municipality - at `$.kind`")


class OfCase(Payload, frozen=True):
    case: CaseId
    client_id: ClientId


class HandOver(Payload, frozen=True):
    """to: who is asked to take over; the own organisation means the colleagues."""

    case: CaseId
    client_id: ClientId
    to: OrganisationName


class Resolve(Payload, frozen=True):
    case: CaseId
    client_id: ClientId
    outcome: OutcomeCode
    text: Sentence


class Rate(Payload, frozen=True):
    case: CaseId
    client_id: ClientId
    helped: bool


class OfPage(Payload, frozen=True):
    case: CaseId


class Duty(Payload, frozen=True):
    client_id: ClientId
