"""An alert is valid CAP 1.2 whatever was written in it, and the feed names those in force."""

import unicodedata
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from rooms import cap
from rooms.cap import Alert, Area, Reference, Words
from rooms.place import Place, Places

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "CAP-v1.2.xsd"
NAMES = {"cap": cap.CAP, "atom": cap.ATOM}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
BASE, TITLE = "https://bart.example", "Alerts of 's-Gravenhage"

TOWN = Place("GM0518", "'s-Gravenhage", "municipality")
ESCAMP = Place("GM0518.escamp", "Escamp", "district", TOWN.id)
MOERWIJK = Place("WK051836", "Moerwijk", "wijk", ESCAMP.id)
WEST = Place("BU05183637", "Moerwijk-West", "neighbourhood", MOERWIJK.id)
BETJE = Place("BU05183637:betje-wolffstraat", "Betje Wolffstraat", "street", WEST.id)
MORGENSTOND = Place("WK051837", "Morgenstond", "wijk", ESCAMP.id)
OWN_CORNER = Place("GM0518.escamp.own", "Own corner", "neighbourhood", ESCAMP.id)
THE_HAGUE = Places([TOWN, ESCAMP, MOERWIJK, WEST, BETJE, MORGENSTOND, OWN_CORNER])

SENT = 1_795_467_300_999  # 23 November 2026, 21:55:00.999 in Amsterdam
HOUR = 3_600_000
DUTCH = Words(
    language="nl",
    event="Politiebericht",
    headline="Grote brand in Moerwijk",
    text="Houd ramen & deuren <dicht>.",
    instruction="Bel 112 bij rook in huis.",
)
ENGLISH = Words(language="en", event="Police alert", headline="Large fire in Moerwijk", text="Keep windows shut.")
RING = ((4.29, 52.05), (4.3, 52.05), (4.3, 52.06), (4.29, 52.05))
FIRE = Alert(
    id="p07.k3m9x2w7q4v5",
    sender="alerts@bart.example",
    sender_name="Wijkagent, politie",
    sent_ms=SENT,
    expires_ms=SENT + 2 * HOUR,
    severity="severe",
    urgency="immediate",
    certainty="observed",
    category="fire",
    words=(DUTCH, ENGLISH),
    areas=(cap.area(THE_HAGUE, WEST.id), Area(name="Drawn on the map", ring=RING)),
    link="https://www.politie.nl/nieuws?id=1&lang=nl",
)


def follow(first: Alert, name: str, minutes: int, **changed: object) -> Alert:
    """A later message of the chain of *first*."""
    references = (*first.references, first.reference)
    at = {"id": name, "sent_ms": first.sent_ms + minutes * 60_000, "references": references, "type": "update"}
    return msgspec.structs.replace(first, **(at | changed))


UPDATE = follow(FIRE, "p07.update", 10)
CLEAR = follow(UPDATE, "p07.clear", 10, all_clear=True)
CANCEL = follow(UPDATE, "p07.cancel", 10, type="cancel")
EXERCISE = msgspec.structs.replace(FIRE, id="p07.exercise", exercise=True)
KINDS = (FIRE, UPDATE, CLEAR, CANCEL, EXERCISE)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The official schema of OASIS."""
    if not SCHEMA.exists():
        pytest.skip("the schema of CAP 1.2 is not here")
    return etree.XMLSchema(etree.parse(SCHEMA))


def read(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def said(data: bytes, path: str) -> list[str]:
    """The text of every element on this path."""
    return [element.text or "" for element in read(data).findall(path, NAMES)]


def cap_says(alert: Alert, name: str) -> list[str]:
    return said(cap.xml(alert, AMSTERDAM), f".//cap:{name}")


# -- CAP


@pytest.mark.parametrize("alert", KINDS, ids=lambda alert: alert.id)
def test_every_kind_of_alert_is_valid(alert: Alert, schema: etree.XMLSchema) -> None:
    """Alert, update, all clear, cancel and exercise."""
    schema.assertValid(read(cap.xml(alert, AMSTERDAM)))


def test_each_language_is_a_block_of_its_own() -> None:
    """The same facts in each, the words in its own; no instruction where there is none."""
    assert cap_says(FIRE, "language") == ["nl", "en"]
    assert cap_says(FIRE, "event") == ["Politiebericht", "Police alert"]
    assert cap_says(FIRE, "headline") == ["Grote brand in Moerwijk", "Large fire in Moerwijk"]
    assert cap_says(FIRE, "description") == ["Houd ramen & deuren <dicht>.", "Keep windows shut."]
    assert cap_says(FIRE, "instruction") == ["Bel 112 bij rook in huis."]
    assert cap_says(FIRE, "severity") == ["Severe", "Severe"]
    assert cap_says(FIRE, "urgency") == ["Immediate", "Immediate"]
    assert cap_says(FIRE, "certainty") == ["Observed", "Observed"]
    assert cap_says(FIRE, "category") == ["Fire", "Fire"]
    assert cap_says(FIRE, "senderName") == ["Wijkagent, politie"] * 2
    assert cap_says(FIRE, "web") == ["https://www.politie.nl/nieuws?id=1&lang=nl"] * 2


def test_times_have_the_offset_of_the_town_as_a_number() -> None:
    """In winter and in summer, whole seconds, and never Z."""
    assert cap_says(FIRE, "sent") == ["2026-11-23T21:55:00+01:00"]
    assert cap_says(FIRE, "expires") == ["2026-11-23T23:55:00+01:00"] * 2
    summer = msgspec.structs.replace(FIRE, sent_ms=SENT - 150 * 24 * HOUR)
    assert cap_says(summer, "sent") == ["2026-06-26T22:55:00+02:00"]
    assert said(cap.xml(FIRE, UTC), "cap:sent") == ["2026-11-23T20:55:00+00:00"]


def test_an_update_names_all_that_it_replaces() -> None:
    """The chain, oldest first, so that who missed one message still knows."""
    first, second = ("alerts@bart.example,p07.k3m9x2w7q4v5,2026-11-23T21:55:00+01:00",
                     "alerts@bart.example,p07.update,2026-11-23T22:05:00+01:00")  # fmt: skip
    assert cap_says(FIRE, "references") == []
    assert cap_says(UPDATE, "references") == [first]
    assert cap_says(CANCEL, "references") == cap_says(CLEAR, "references") == [f"{first} {second}"]
    assert [cap_says(alert, "msgType")[0] for alert in (FIRE, UPDATE, CLEAR, CANCEL)] == [
        "Alert", "Update", "Update", "Cancel",
    ]  # fmt: skip


def test_the_all_clear_is_a_response() -> None:
    """In every language, and of no other message."""
    assert cap_says(CLEAR, "responseType") == ["AllClear", "AllClear"]
    assert cap_says(UPDATE, "responseType") == cap_says(CANCEL, "responseType") == []


def test_an_exercise_says_so() -> None:
    """In its status, and by the name of the exercise in the note (CAP 1.2, 3.2.1), which an update keeps."""
    assert cap_says(FIRE, "status") == ["Actual"]
    assert cap_says(FIRE, "note") == []
    assert cap_says(EXERCISE, "status") == ["Exercise"]
    assert cap_says(EXERCISE, "note") == cap_says(follow(EXERCISE, "p07.next", 5), "note") == ["Exercise p07.exercise"]


def test_a_polygon_is_written_latitude_first() -> None:
    """Unlike GeoJSON, and closed."""
    assert cap_says(FIRE, "polygon")[0] == (
        "52.0500000,4.2900000 52.0500000,4.3000000 52.0600000,4.3000000 52.0500000,4.2900000"
    )


def test_an_abbreviation_stays_in_capitals() -> None:
    """CBRNE is chemical, biological, radiological, nuclear or explosive; the schema knows no Cbrne."""
    assert cap_says(msgspec.structs.replace(FIRE, category="cbrne"), "category") == ["CBRNE", "CBRNE"]


# -- areas


def codes(place: Place) -> list[tuple[str, str]]:
    alert = msgspec.structs.replace(FIRE, words=(DUTCH,), areas=(cap.area(THE_HAGUE, place.id),))
    return list(zip(cap_says(alert, "valueName"), cap_says(alert, "value"), strict=True))


def test_places_are_given_by_the_codes_of_cbs() -> None:
    """Each under the name that the files of CBS use, a district by all that is in it."""
    assert codes(WEST) == [("buurtcode", "BU05183637")]
    assert codes(MOERWIJK) == [("wijkcode", "WK051836")]
    assert codes(TOWN) == [("gemeentecode", "GM0518")]
    assert codes(ESCAMP) == [("wijkcode", "WK051836"), ("wijkcode", "WK051837")]


def test_a_street_has_no_code() -> None:
    """Its neighbourhood's would alert the whole neighbourhood; its name says where."""
    street = cap.area(THE_HAGUE, BETJE.id)
    assert street == Area(name="Betje Wolffstraat, Moerwijk-West, Moerwijk, Escamp, 's-Gravenhage")
    with pytest.raises(KeyError):
        cap.area(THE_HAGUE, "BU1")


# -- what is no alert


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "two words"}, {"id": ""}, {"id": "a,b"}, {"sender": "a<b"}, {"id": "a\x00"},
        {"type": "update"}, {"type": "cancel"}, {"references": (Reference("a", "b", 1),)},
        {"type": "update", "references": (Reference("a", "b c", 1),)},
        {"all_clear": True}, {"type": "cancel", "references": (FIRE.reference,), "all_clear": True},
        {"expires_ms": SENT}, {"words": ()}, {"words": (DUTCH, DUTCH)}, {"areas": ()},
        {"words": (msgspec.structs.replace(DUTCH, language="not a language"),)},
        {"link": "http://politie.nl"}, {"link": "https://politie.nl/a b"}, {"link": "https://politie.nl/%zz"},
        {"link": "javascript:alert(1)"}, {"link": "https://"}, {"link": "https://a@politie.nl"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cap_or_the_chain_forbids_is_no_alert(wrong: dict[str, object]) -> None:
    """It can't be made, so it can't be sent."""
    with pytest.raises(ValueError, match=r"^an? "):
        msgspec.structs.replace(FIRE, **wrong)


# -- any words at all

anything = st.text(st.characters(codec=None), max_size=80)
names = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters=",<&"), min_size=1, max_size=20)
moments = st.integers(0, 4_102_444_800_000)
links = st.sampled_from([None, "https://denhaag.nl", "https://denhaag.nl:8443/a%20b;c?d=(e)&f=%2F#g/h?"])
degrees = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    """An alert with anything in it that may be in one."""
    sent, kind = draw(moments), draw(st.sampled_from(["alert", "update", "cancel"]))
    references = st.builds(Reference, names, names, moments)
    return Alert(
        id=draw(names),
        sender=draw(names),
        sender_name=draw(anything),
        sent_ms=sent,
        expires_ms=sent + draw(st.integers(1, 72 * HOUR)),
        type=kind,
        severity=draw(st.sampled_from(["extreme", "severe", "moderate", "minor", "unknown"])),
        urgency=draw(st.sampled_from(["immediate", "expected", "future", "past", "unknown"])),
        certainty=draw(st.sampled_from(["observed", "likely", "possible", "unlikely", "unknown"])),
        category=draw(st.sampled_from(cap.Category.__args__)),
        words=tuple(
            Words(
                language=language,
                event=draw(anything),
                headline=draw(anything),
                text=draw(anything),
                instruction=draw(st.none() | anything),
            )
            for language in draw(st.lists(st.sampled_from(["nl", "en-GB", "tr", "ar", "pl"]), min_size=1, unique=True))
        ),
        areas=tuple(
            Area(name=draw(anything), codes=draw(st.sampled_from([(), ("BU05183637", "own")])), ring=draw(ring))
            for ring in draw(st.lists(st.just(st.lists(degrees, max_size=5).map(tuple)), min_size=1, max_size=3))
        ),
        link=draw(links),
        references=draw(st.lists(references, min_size=1, max_size=3).map(tuple)) if kind != "alert" else (),
        all_clear=kind == "update" and draw(st.booleans()),
        exercise=draw(st.booleans()),
    )


@given(alerts())
@settings(max_examples=200)
def test_any_alert_is_valid_and_the_same_bytes_twice(schema: etree.XMLSchema, alert: Alert) -> None:
    """Markup, emoji, half characters and control characters included."""
    written = cap.xml(alert, AMSTERDAM)
    schema.assertValid(read(written))
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(alert), type=Alert) if is_encodable(alert) else alert
    assert cap.xml(again, AMSTERDAM) == written


@given(alerts())
def test_any_text_comes_back_as_it_was(alert: Alert) -> None:
    """But for control characters, of which only tabs and line ends are kept."""
    assert cap_says(alert, "description") == [cap.clean(words.text) for words in alert.words]
    assert cap_says(alert, "headline") == [cap.clean(words.headline) for words in alert.words]
    instructions = [cap.clean(words.instruction) for words in alert.words if words.instruction is not None]
    assert cap_says(alert, "instruction") == instructions
    assert cap_says(alert, "areaDesc") == [cap.clean(part.name) for part in alert.areas] * len(alert.words)


@pytest.mark.parametrize("letter", ["\0", "\x08", "\x0b", "\x1f", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_left_out(letter: str) -> None:
    """A slip of a keyboard keeps no alert from anybody."""
    words = msgspec.structs.replace(DUTCH, text=f"Brand{letter}\tin\r\nMoerwijk")
    assert cap_says(msgspec.structs.replace(FIRE, words=(words,)), "description") == ["Brand\tin\nMoerwijk"]


@given(anything)
def test_only_control_characters_are_lost(text: str) -> None:
    """What a person can see or meant is never touched."""
    dropped = {"Cc", "Cs"}
    kept = [
        letter
        for letter in text.replace("\r\n", "\n").replace("\r", "\n")
        if letter in "\t\n" or (unicodedata.category(letter) not in dropped and letter not in "\ufffe\uffff")
    ]
    assert cap.clean(text) == "".join(kept)


def is_encodable(alert: Alert) -> bool:
    """Half characters can't be sent at all."""
    try:
        msgspec.msgpack.encode(alert)
    except UnicodeEncodeError:
        return False
    return True


# -- in force, and the feed


def minutes_later(minutes: float) -> int:
    return SENT + int(minutes * 60_000)


def in_force(chain: tuple[Alert, ...], minutes: float) -> list[str]:
    return [alert.id for alert in cap.in_force(chain, minutes_later(minutes))]


def test_a_later_message_takes_the_place_of_the_earlier() -> None:
    """The first until the update, the update until the all clear or the cancel, then none."""
    for end in (CLEAR, CANCEL):
        chain = (end, FIRE, UPDATE)
        assert in_force(chain, -1) == []
        assert in_force(chain, 0) == in_force(chain, 9) == [FIRE.id]
        assert in_force(chain, 10) == [UPDATE.id]
        assert in_force(chain, 20) == []


def test_an_alert_ends_by_the_clock() -> None:
    """At the very millisecond."""
    assert in_force((FIRE,), 120 - 1 / 60_000) == [FIRE.id]
    assert in_force((FIRE,), 120) == []


def feed(*chain: Alert, minutes: float = 1) -> bytes:
    return cap.feed(chain, minutes_later(minutes), BASE, TITLE, AMSTERDAM)


def test_the_feed_has_what_atom_asks() -> None:
    """Id, title, updated, author and a link to itself (RFC 4287, 4.1.1); the same bytes for the same alerts."""
    told = feed(FIRE)
    assert said(told, "atom:id") == ["https://bart.example/alerts.atom"]
    assert said(told, "atom:title") == said(told, "atom:author/atom:name") == [TITLE]
    link = read(told).find("atom:link", NAMES)
    assert dict(link.attrib) == {"rel": "self", "href": f"{BASE}/alerts.atom", "type": "application/atom+xml"}
    assert told == feed(FIRE)


def test_the_feed_names_each_alert_in_force() -> None:
    """The newest first, with where its CAP is, in the town's own language; an exercise is called one."""
    other = msgspec.structs.replace(EXERCISE, sent_ms=minutes_later(1), id="exercise/2")
    told = feed(FIRE, other)
    address = f"{BASE}/alerts/p07.k3m9x2w7q4v5.xml"
    assert said(told, "atom:entry/atom:title") == ["[Exercise] Grote brand in Moerwijk", "Grote brand in Moerwijk"]
    assert said(told, "atom:entry/atom:id") == [f"{BASE}/alerts/exercise%2F2.xml", address]
    assert said(told, "atom:entry/atom:updated") == ["2026-11-23T21:56:00+01:00", "2026-11-23T21:55:00+01:00"]
    assert said(told, "atom:entry/atom:summary") == ["Houd ramen & deuren <dicht>."] * 2
    assert said(told, "atom:entry/atom:author/atom:name") == ["Wijkagent, politie"] * 2
    link = read(told).findall("atom:entry/atom:link", NAMES)[1]
    assert dict(link.attrib) == {"rel": "alternate", "href": address, "type": "application/cap+xml"}


def test_the_feed_says_when_it_changed() -> None:
    """By a message or by an end, also when nothing is left; and not by asking again."""

    def updated(minutes: float) -> list[str]:
        return said(feed(FIRE, UPDATE, CANCEL, minutes=minutes), "atom:updated")

    assert said(feed(FIRE, minutes=121), "atom:updated") == ["2026-11-23T23:55:00+01:00"]
    assert said(feed(FIRE, minutes=121), "atom:entry") == []
    assert updated(1) == updated(9) == ["2026-11-23T21:55:00+01:00"]
    assert updated(25) == ["2026-11-23T22:15:00+01:00"]
    assert said(feed(), "atom:updated") == ["1970-01-01T01:00:00+01:00"]


@given(st.lists(alerts(), max_size=4), moments)
def test_any_feed_can_be_read(chain: list[Alert], now_ms: int) -> None:
    """One entry per alert in force, each with its four parts, whatever was written."""
    told = cap.feed(chain, now_ms, BASE, TITLE, AMSTERDAM)
    holding = cap.in_force(chain, now_ms)
    assert said(told, "atom:entry/atom:summary") == [cap.clean(alert.words[0].text) for alert in holding]
    for part in ("id", "title", "updated", "link"):
        assert len(said(told, f"atom:entry/atom:{part}")) == len(holding)
