"""Looking before sending: the area, whom it reaches, and whether a second officer is needed. It writes a preview only.

Nothing can be broadcast that was not looked at: a broadcast names its preview, and says no word of its own.
"""

from __future__ import annotations

import asyncio
import secrets
from base64 import b32encode
from typing import Any

import msgspec

from rooms import alert_audience, alert_body, alert_content, alert_rules, cover, polygon
from rooms import alert_record as record
from rooms.alert_audience import Audience
from rooms.alert_chain import Alert
from rooms.alert_payload import PreviewAlert
from rooms.alert_record import Preview
from rooms.call import Call, Reply
from rooms.cover import Cover
from rooms.letter_code import ALPHABET
from rooms.person import Organisation, Person
from rooms.place import Places
from rooms.polygon import Ring
from rooms.refusal import Refusal
from rooms.shape import By, NamedPlace, OrganisationName
from rooms.town import Town

CODE_LENGTH = 4


async def preview(town: Town, call: Call[PreviewAlert]) -> Reply:
    """Whom it would reach, and what it takes to send it.

    Raises Refusal: not_permitted, bad_request, outside_jurisdiction, nobody_there, unavailable.
    """
    said, by = call.payload, msgspec.convert(call.person.by(), By)
    alert_rules.check_sender(call.person, said.severity)
    # Beside the loop: a long line against every border of a town takes a tenth of a second.
    ring, area = await asyncio.to_thread(_area, town.places, said)
    if not cover.is_inside(town.places, call.person.jurisdiction, area.areas):
        raise Refusal("outside_jurisdiction")
    content = alert_content.first(said, _end(call))
    if said.link is not None:
        alert_rules.check_link(said.link, town.policy.link_hosts)
    audience = await alert_audience.count(town, area)
    if not audience.members:
        raise Refusal("nobody_there")
    alert = Alert(
        id="", organisation=_organisation(call.person), author=by, category=said.category, content=content,
        areas=_named(town, area.areas), ring=ring, rooms=area.rooms, neighbourhoods=_named(town, area.neighbourhoods),
        districts=area.districts, link=said.link, exercise=said.exercise, members=audience.members,
        needs_approval=alert_rules.needs_approval(said.severity, area.districts),
    )  # fmt: skip
    alert_body.check_size(alert)
    await alert_audience.check_not_full(town, alert, call.now_ms)
    kept = Preview(person=call.person.id, alert=alert, code=_code() if alert.needs_approval else "")
    preview_id = new_id()
    await record.keep_preview(town, preview_id, kept)
    return _reply(preview_id, kept, audience, await alert_audience.approvers(town, by, area.areas))


def _organisation(person: Person) -> OrganisationName:
    return "police" if person.organisation is Organisation.POLICE else "municipality"


def new_id() -> str:
    """The id of a preview or an alert: 60 bits of chance."""
    return b32encode(secrets.token_bytes(8)).decode().lower()[:12]


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def _end(call: Call[PreviewAlert]) -> int:
    """When it ends. Raises Refusal("bad_request", field="expires_at")."""
    if call.payload.expires_at is None:
        return call.now_ms + alert_rules.USUAL_MS
    alert_rules.check_end(call.payload.expires_at, call.now_ms)
    return call.payload.expires_at


def _area(places: Places, said: PreviewAlert) -> tuple[Ring, Cover]:
    """What was drawn, empty where places were named, and the rooms that reach everybody there.

    Raises Refusal("bad_request"): field places, or polygon.
    """
    ring = polygon.checked(places, said.polygon) if said.polygon else ()
    field, meant = ("polygon", polygon.covered(places, ring)) if ring else ("places", said.places or ())
    if not meant:
        raise Refusal("bad_request", field=field, message="This polygon means no neighbourhood.")
    area = cover.cover(places, meant)
    if len(area.rooms) > alert_rules.MOST_ROOMS:
        message = f"{len(area.rooms)} rooms are more than {alert_rules.MOST_ROOMS}; choose whole neighbourhoods."
        raise Refusal("bad_request", field=field, message=message)
    return ring, area


def _named(town: Town, ids: tuple[str, ...]) -> tuple[NamedPlace, ...]:
    places = [place for place_id in ids if (place := town.places.get(place_id)) is not None]
    return tuple(NamedPlace(place.id, place.name) for place in places)


def _reply(preview_id: str, kept: Preview, audience: Audience, approvers: int) -> Reply:
    alert = kept.alert
    told: dict[str, Any] = {
        "ok": True,
        "preview": preview_id,
        "members": audience.members,
        "connected": audience.connected,
        "neighbourhoods": [msgspec.to_builtins(one) for one in audience.neighbourhoods],
        "needs_approval": alert.needs_approval,
        "approvers": approvers,
        "areas": [msgspec.to_builtins(area) for area in alert.areas],
        "rooms": len(alert.rooms),
        "expires_at": alert.content.expires_at,
    }
    return {**told, "code": kept.code} if kept.code else told
