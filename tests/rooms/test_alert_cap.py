"""Whatever an alert says and becomes, its messages are valid CAP 1.2 that name one another."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from rooms import cap
from rooms.alert_cap import chain, message_id, numbered
from rooms.alert_shape import AlertBody, AlertType, AlertWords
from rooms.alert_words import event_word
from rooms.cap import Alert
from rooms.default_town import default_town
from rooms.place import Places
from rooms.polygon import Ring
from rooms.shape import NamedPlace
from tests.town import ESCAMP, JAN_LUYKENLAAN, MOERWIJK_WEST

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "CAP-v1.2.xsd"
NAMES = {"cap": cap.CAP}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SENDER, SENT, HOUR = "alerts@bart.example", 1_795_467_300_999, 3_600_000
TOWN = Places(default_town())
RING: Ring = ((4.29, 52.05), (4.3, 52.05), (4.3, 52.06), (4.29, 52.05))
FIRST = AlertBody(
    alert="k3m7x2w7q4v5", n=1, type="alert", organisation="police", sender_name="Wijkagent", sent=SENT,
    expires_at=SENT + 2 * HOUR, severity="severe", urgency="immediate", certainty="observed", category="fire",
    words=(
        AlertWords(language="nl", event="Brand", headline="Brand in Moerwijk", text="De rook trekt naar het noorden.",
                   instruction="Houd ramen en deuren dicht."),
        AlertWords(language="en", event="Fire", headline="Fire in Moerwijk", text="Smoke drifts north."),
    ),
    areas=(NamedPlace(MOERWIJK_WEST, "Moerwijk-West"),), rooms=(MOERWIJK_WEST,),
)  # fmt: skip


def later(n: int, kind: AlertType, **changed: Any) -> AlertBody:
    """The *n*th message, so many minutes after the first."""
    return msgspec.structs.replace(FIRST, n=n, type=kind, sent=SENT + n * 60_000, **changed)


UPDATE = later(2, "update", severity="moderate")
CLEAR = later(3, "clear", reason="De brand is uit.")
CANCEL = later(3, "cancel", reason="De melding klopte niet.")


def messages(*bodies: AlertBody, ring: Ring = ()) -> tuple[Alert, ...]:
    return chain(bodies, ring, TOWN, SENDER)


def said(alert: Alert, name: str) -> list[str]:
    """The text of every element of that name in the CAP of a message."""
    root = etree.fromstring(cap.xml(alert, AMSTERDAM))
    return [element.text or "" for element in root.findall(f".//cap:{name}", NAMES)]


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The official schema of OASIS."""
    if not SCHEMA.exists():
        pytest.skip("the schema of CAP 1.2 is not here")
    return etree.XMLSchema(etree.parse(SCHEMA))


@pytest.mark.parametrize("bodies", [
    (FIRST,), (FIRST, UPDATE), (FIRST, UPDATE, CLEAR), (FIRST, UPDATE, CANCEL),
    (msgspec.structs.replace(FIRST, exercise=True), msgspec.structs.replace(UPDATE, exercise=True)),
], ids=["first", "update", "all clear", "cancel", "exercise"])  # fmt: skip
@pytest.mark.parametrize("ring", [(), RING], ids=["places", "drawn"])
def test_every_kind_is_valid(bodies: tuple[AlertBody, ...], ring: Ring, schema: etree.XMLSchema) -> None:
    """Each message of each chain."""
    for message in messages(*bodies, ring=ring):
        schema.assertValid(etree.fromstring(cap.xml(message, AMSTERDAM)))


def test_a_chain_names_what_it_replaces() -> None:
    """The alert's id is the first message's; each later one has a number and names all before it."""
    first, update, clear = messages(FIRST, UPDATE, CLEAR)
    assert [message.id for message in (first, update, clear)] == ["k3m7x2w7q4v5", "k3m7x2w7q4v5-2", "k3m7x2w7q4v5-3"]
    assert first.references == ()
    assert clear.references == (first.reference, update.reference)
    assert [message.type for message in (first, update, clear)] == ["alert", "update", "update"]
    assert [message.all_clear for message in (first, update, clear)] == [False, False, True]
    assert messages(FIRST, CANCEL)[1].type == "cancel"


def test_the_newest_message_alone_is_in_force() -> None:
    """Until one that ends the alert, and then none."""
    assert [alert.id for alert in cap.in_force(messages(FIRST, UPDATE), UPDATE.sent)] == ["k3m7x2w7q4v5-2"]
    for end in (CLEAR, CANCEL):
        assert cap.in_force(messages(FIRST, UPDATE, end), end.sent) == []


def test_it_says_who_sends_it_and_why_it_ends() -> None:
    """Function and organisation; the reason before the text, in the language in which it was written."""
    assert said(messages(FIRST)[0], "senderName") == ["Wijkagent, politie"] * 2
    assert said(messages(msgspec.structs.replace(FIRST, organisation="municipality"))[0], "senderName")[0].endswith(
        ", gemeente"
    )
    assert said(messages(FIRST, CLEAR)[1], "description") == [
        "De brand is uit.\n\nDe rook trekt naar het noorden.", "Smoke drifts north.",
    ]  # fmt: skip
    assert said(messages(FIRST, UPDATE)[1], "description")[0] == "De rook trekt naar het noorden."


def test_areas_carry_the_codes_of_cbs() -> None:
    """A neighbourhood its own, a district those of its wijken, a street none; what was drawn is an area beside them."""
    areas = (NamedPlace(MOERWIJK_WEST, "-"), NamedPlace(ESCAMP, "-"), NamedPlace(JAN_LUYKENLAAN, "-"))
    west, escamp, street, drawn = messages(msgspec.structs.replace(FIRST, areas=areas), ring=RING)[0].areas
    assert west.codes == (MOERWIJK_WEST,)
    assert escamp.codes
    assert all(code.startswith("WK0518") for code in escamp.codes)
    assert (street.codes, street.name.partition(",")[0]) == ((), "Jan Luykenlaan")
    assert (drawn.name, drawn.ring) == ("Op de kaart getekend", RING)


def test_a_place_that_is_gone_keeps_its_name() -> None:
    """What was signed stays readable after the town has imported other places."""
    body = msgspec.structs.replace(FIRST, areas=(NamedPlace("BU09999999", "Oud-Moerwijk"),))
    assert messages(body)[0].areas == (cap.Area(name="Oud-Moerwijk"),)


def test_an_end_in_the_last_second_is_still_a_message() -> None:
    """CAP knows whole seconds, and none that ends before it was sent."""
    late = later(2, "cancel", expires_at=SENT + 2 * 60_000)
    cancel = messages(FIRST, late)[1]
    assert cancel.sent_ms < cancel.expires_ms


@pytest.mark.parametrize("identifier", [
    "", "k3m7x2w7q4v5-1", "k3m7x2w7q4v5-0", "k3m7x2w7q4v5-02", "k3m7x2w7q4v5-99999", "K3M7X2W7Q4V5", "k3m7x2w7q4v",
    "k3m7x2w7q4v5\n", "k3m7x2w7q4v5-²", "../k3m7x2w7q4v5", "k3m9x2w7q4v5",
])  # fmt: skip
def test_what_is_no_identifier_is_none(identifier: str) -> None:
    """It comes from the address of a request."""
    assert numbered(identifier) is None


@given(st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=12, max_size=12), st.integers(1, 9_999))
def test_an_identifier_says_which_message_it_is(alert: str, n: int) -> None:
    """There and back."""
    assert numbered(message_id(alert, n)) == (alert, n)


@pytest.mark.parametrize("language", ["nl", "en", "tr", "ar", "pl"])
def test_every_category_has_words(language: str) -> None:
    """Different ones in each, and in a language that is none of ours those of English."""
    words = [event_word(category, language) for category in get_args(cap.Category)]
    assert len(set(words)) == len(words)
    assert [event_word(category, "uk") for category in get_args(cap.Category)] == [
        event_word(category, "en-GB") for category in get_args(cap.Category)
    ]
    if language != "en":
        assert not set(words) & {event_word(category, "en") for category in get_args(cap.Category)}


# -- any alert at all

anything = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80)
words_of = st.builds(AlertWords, language=st.just("nl"), event=anything, headline=anything, text=anything,
                     instruction=st.none() | anything)  # fmt: skip
place_ids = st.sampled_from([place.id for place in TOWN] + ["BU09999999"])


@st.composite
def alerts(draw: st.DrawFn) -> tuple[AlertBody, ...]:
    """The messages of an alert: a first one, updates, and perhaps an end."""
    ends: list[list[AlertType]] = [[], ["cancel"], ["clear"]]
    updates: list[AlertType] = ["update"] * draw(st.integers(0, 3))
    kinds: list[AlertType] = ["alert", *updates, *draw(st.sampled_from(ends))]
    pauses = draw(st.lists(st.integers(1, HOUR), min_size=len(kinds), max_size=len(kinds)))
    exercise, category = draw(st.booleans()), draw(st.sampled_from(get_args(cap.Category)))
    areas = tuple(NamedPlace(place, draw(anything)) for place in draw(st.lists(place_ids, min_size=1, max_size=4)))
    return tuple(
        AlertBody(
            alert="k3m7x2w7q4v5", n=n, type=kind, organisation=draw(st.sampled_from(["police", "municipality"])),
            sender_name=draw(anything), sent=SENT + after, expires_at=SENT + after + draw(st.integers(0, 72 * HOUR)),
            severity=draw(st.sampled_from(["extreme", "severe", "moderate", "minor", "unknown"])),
            urgency=draw(st.sampled_from(["immediate", "expected", "future", "past", "unknown"])),
            certainty=draw(st.sampled_from(["observed", "likely", "possible", "unlikely", "unknown"])),
            category=category, areas=areas, rooms=(MOERWIJK_WEST,), exercise=exercise,
            words=tuple(
                msgspec.structs.replace(draw(words_of), language=language)
                for language in ["nl", *draw(st.lists(st.sampled_from(["en-GB", "tr", "ar", "pl"]), unique=True))]
            ),
            link=draw(st.none() | st.just("https://www.politie.nl/nieuws?id=1&lang=nl")),
            reason=draw(anything) if kind in ("cancel", "clear") and draw(st.booleans()) else None,
        )
        for n, (kind, after) in enumerate(zip(kinds, accumulate(pauses), strict=True), 1)
    )  # fmt: skip


@given(alerts(), st.sampled_from([(), RING]))
@settings(max_examples=200, deadline=None)
def test_any_alert_is_valid(schema: etree.XMLSchema, bodies: tuple[AlertBody, ...], ring: Ring) -> None:
    """Each of its messages, after its body has been through the very text that is signed; one or none is in force."""
    read = [msgspec.json.decode(msgspec.json.encode(body), type=AlertBody) for body in bodies]
    written = messages(*read, ring=ring)
    for message in written:
        schema.assertValid(etree.fromstring(cap.xml(message, AMSTERDAM)))
    assert len(cap.in_force(written, bodies[-1].sent)) <= 1
