"""The text that is signed: complete by itself, bound to its rooms, its place in the chain and its end."""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec
import pytest

from rooms import alert_body, alert_content
from rooms.alert_chain import Alert
from rooms.alert_event import AlertExpired, AlertSent
from rooms.alert_payload import PreviewAlert, UpdateAlert
from rooms.alert_rules import Action, begin, step
from rooms.alert_shape import AlertBody, AlertType
from rooms.event import EVENTS, packed
from rooms.refusal import Refusal
from rooms.shape import By, NamedPlace
from rooms.signature import KeyPair, verify

NOW, HOUR = 1_795_442_461_234, 3_600_000
KEY, OTHER_KEY = KeyPair(bytes(range(32))), KeyPair(bytes(range(1, 33)))
VEGA = By("p4n8c2y6t3h7", "Wijkagent", "officer", "police")
SAID = PreviewAlert(
    headline="Rook bij het Zuiderpark", text="Een loods staat in brand.", severity="moderate", urgency="immediate",
    certainty="observed", category="fire", places=("BU05183637",), instruction="Houd ramen dicht.",
)  # fmt: skip
ENGLISH = {"language": "en", "headline": "Smoke", "text": "A shed is on fire."}


def _alert(said: PreviewAlert = SAID, **more: Any) -> Alert:
    draft = Alert(
        id="k3m7x2w7q4v5", organisation="police", author=VEGA, category=said.category,
        content=alert_content.first(said, NOW + HOUR), areas=(NamedPlace("BU05183637", "Moerwijk-West"),),
        rooms=("BU05183637",), neighbourhoods=(), districts=(), members=2, **more,
    )  # fmt: skip
    return begin(draft, NOW).alert


def _said(**more: Any) -> PreviewAlert:
    return msgspec.convert({**msgspec.to_builtins(SAID), **more}, PreviewAlert)


def _is_signed(text: str, signature: str, key: KeyPair = KEY) -> bool:
    return verify(key.public, text.encode(), base64.urlsafe_b64decode(signature + "=="))


# what is signed --------------------------------------------------------------------------------------


def test_the_signature_is_over_the_very_text() -> None:
    """One character more, or another town's key, and it does not hold."""
    message = alert_body.signed(_alert(), "alert", VEGA, NOW, KEY)
    assert message.key == KEY.id
    assert _is_signed(message.body, message.signature)
    assert not _is_signed(message.body + " ", message.signature)
    assert not _is_signed(message.body, message.signature, OTHER_KEY)
    assert "=" not in message.signature


def test_a_text_says_where_and_when_it_holds() -> None:
    """So that it can't be shown again in another room, later in the chain, or after its end."""
    body = json.loads(alert_body.signed(_alert(), "alert", VEGA, NOW, KEY).body)
    assert (body["alert"], body["n"], body["rooms"]) == ("k3m7x2w7q4v5", 1, ["BU05183637"])
    assert (body["sent"], body["expires_at"]) == (NOW, NOW + HOUR)
    assert (body["organisation"], body["sender_name"], body["type"]) == ("police", "Wijkagent", "alert")


def test_what_is_not_so_is_left_out() -> None:
    """An exercise says so; nothing else names the word."""
    body = json.loads(alert_body.signed(_alert(), "alert", VEGA, NOW, KEY).body)
    assert not {"exercise", "link", "reason"} & set(body)
    exercise = json.loads(alert_body.signed(_alert(exercise=True), "alert", VEGA, NOW, KEY).body)
    assert exercise["exercise"] is True


@pytest.mark.parametrize("kind", ["update", "cancel", "clear"])
def test_a_later_message_is_the_next_of_its_chain(kind: AlertType) -> None:
    """Its number counts on; a reason stands in what ends it, and in nothing else."""
    first = alert_body.signed(_alert(), "alert", VEGA, NOW, KEY)
    alert = msgspec.structs.replace(_alert(), messages=(first,), reason="De brand is uit.")
    said = alert_body.signed(alert, kind, VEGA, NOW + 1, KEY).said
    assert (said.n, said.type) == (2, kind)
    assert said.reason == (None if kind == "update" else "De brand is uit.")


def test_a_text_is_read_as_it_was_written() -> None:
    """Every field comes back, whatever letters it has."""
    alert = _alert(_said(text='Ć\'est ünmöglich: "<brand>" & ☂ – ok\nTweede regel.'))
    said = alert_body.signed(alert, "alert", VEGA, NOW, KEY).said
    assert isinstance(said, AlertBody)
    assert said.words == alert.content.words
    assert said.words[0].text == 'Ć\'est ünmöglich: "<brand>" & ☂ – ok\nTweede regel.'


# entries ---------------------------------------------------------------------------------------------


def test_every_message_has_its_entry() -> None:
    """An entry that the table knows, kept as long as alerts are; the end by the clock without a text."""
    alert = _alert()
    for kind, name in alert_body.NAMES.items():
        message = alert_body.signed(alert, kind, VEGA, NOW, KEY)
        assert alert_body.entry(alert.id, message) == (
            name, AlertSent(alert.id, 1, message.body, message.signature, message.key),
        )  # fmt: skip
        assert EVENTS[name].keeps == "alert"
    ended = alert_body.ended(alert, NOW)
    assert (ended.body, ended.by.role) == ("", "system")
    assert alert_body.entry(alert.id, ended) == ("alert.expired", AlertExpired(alert.id, 1))


def test_a_chain_counts_the_end_too() -> None:
    """Rooms know by the number what they have."""
    alert = msgspec.structs.replace(_alert(), messages=(alert_body.signed(_alert(), "alert", VEGA, NOW, KEY),))
    expired = step(alert, Action(name="due"), NOW + HOUR).alert
    name, data = alert_body.entry(alert.id, alert_body.ended(expired, NOW + HOUR))
    assert b"expired" in packed(name, {"id": "system"}, data)
    assert data == AlertExpired(alert.id, 2)


# what was typed --------------------------------------------------------------------------------------


def test_what_no_document_can_carry_is_gone() -> None:
    """Before it is signed: whoever reads the same alert as CAP must find the same words."""
    content = alert_content.first(_said(headline=" Rook\x00 ", text="Een\r\nloods\x1b[31m"), NOW + HOUR)
    assert (content.words[0].headline, content.words[0].text) == ("Rook", "Een\nloods[31m")
    with pytest.raises(Refusal):
        alert_content.first(_said(instruction="\x00 \x07"), NOW + HOUR)


def test_every_language_has_the_word_for_what_it_is() -> None:
    """Of the category, in the reader's own words."""
    content = alert_content.first(_said(languages=[ENGLISH]), NOW + HOUR)
    assert [(words.language, words.event) for words in content.words] == [("nl", "Brand"), ("en", "Fire")]


def _update(**changed: Any) -> UpdateAlert:
    return msgspec.convert({"alert": "k3m7x2w7q4v5", "client_id": "0" * 32 + ":1", **changed}, UpdateAlert)


def test_an_update_changes_what_it_names() -> None:
    """And leaves the rest; other languages stay where no word changes."""
    before = alert_content.first(_said(languages=[ENGLISH]), NOW + HOUR)
    after = alert_content.changed(before, "fire", _update(severity="minor", expires_at=NOW + 2 * HOUR))
    assert (after.severity, after.expires_at, after.words) == ("minor", NOW + 2 * HOUR, before.words)
    worded = alert_content.changed(before, "fire", _update(headline="Brand uit", languages=[]))
    assert [words.headline for words in worded.words] == ["Brand uit"]
    assert worded.words[0].instruction == "Houd ramen dicht."


def test_an_update_leaves_no_language_behind() -> None:
    """Words that changed in one language alone would say two things at once."""
    before = alert_content.first(_said(languages=[ENGLISH]), NOW + HOUR)
    with pytest.raises(Refusal) as refusal:
        alert_content.changed(before, "fire", _update(text="De brand is uit."))
    assert (refusal.value.code, refusal.value.facts["field"]) == ("bad_request", "languages")
