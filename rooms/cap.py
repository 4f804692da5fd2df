"""Alerts as other programs read them: the Common Alerting Protocol 1.2, and an Atom feed of those in force. PURE.

The same alerts give the same bytes, so that an ETag over them holds. Clauses are those of CAP 1.2 (OASIS, July 2010).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal
from urllib.parse import quote

import msgspec
from lxml import etree

from rooms.cbs import CODE_FIELDS, kind_of_code
from rooms.moment import Zone, stamp
from rooms.place import Place, Places
from rooms.polygon import Ring
from rooms.shape import Severity
from rooms.warning_shape import Certainty, WarningUrgency

MessageType = Literal["alert", "update", "cancel"]
Category = Literal[
    "geo", "met", "safety", "security", "rescue", "fire", "health", "env", "transport", "infra", "cbrne", "other"
]  # fmt: skip

CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM: Final = "http://www.w3.org/2005/Atom"
CAP_TYPE: Final = "application/cap+xml"
FEED_PATH: Final = "/alerts.atom"

_IN_CAPITALS: Final = {"cbrne": "CBRNE"}
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_NAME: Final = re.compile(r"[^\s,<&\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
"""An identifier or a sender: no spaces, commas, < or & (3.2.1), since references are put together of them."""
_LINK: Final = re.compile(
    r"https://[A-Za-z0-9.-]+(:\d{1,5})?"
    r"(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?(\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
    re.ASCII,
)
# What XML 1.0 (2.2) can't hold, and every other control character but tab and line end, which nobody means.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Node = Any  # lxml has no types


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """The alert in one language ("nl", "en-GB"). event: what kind of thing it is, in a few words of that language."""

    language: str
    event: str
    headline: str
    text: str
    instruction: str | None = None


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A part of where it holds; together the parts are the whole.

    codes: of CBS.  ring: (longitude, latitude) in degrees, closed; empty where nothing was drawn.
    """

    name: str
    codes: tuple[str, ...] = ()
    ring: Ring = ()


class Reference(msgspec.Struct, frozen=True):
    """An earlier message of the same chain."""

    sender: str
    id: str
    sent_ms: int


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One message of an alert: the first, an update, the all clear (an update too) or the cancel.

    sender: who, unique in the world, for machines ("alerts@bart.example"); sender_name: for people.  references: the
    messages that this one replaces, all earlier ones of the chain, the first one first.  words: the town's own
    language first.
    Raises ValueError where CAP, or the chain, does not allow it.
    """

    id: str
    sender: str
    sender_name: str
    sent_ms: int
    expires_ms: int
    type: MessageType = "alert"
    severity: Severity
    urgency: WarningUrgency
    certainty: Certainty
    category: Category
    words: tuple[Words, ...]
    areas: tuple[Area, ...]
    link: str | None = None
    references: tuple[Reference, ...] = ()
    all_clear: bool = False
    exercise: bool = False

    def __post_init__(self) -> None:
        for problem in _problems_of(self):
            raise ValueError(problem)

    @property
    def reference(self) -> Reference:
        """How later messages of the chain name this one."""
        return Reference(self.sender, self.id, self.sent_ms)


def area(places: Places, place_id: str) -> Area:
    """A place of the town as a part of an alert's area. KeyError: no such place.

    A place without a code of its own, such as a district, is given by the codes of all that lies in it. A street has
    none: its neighbourhood's would alert the whole neighbourhood wherever only codes are read.
    """
    place = places.get(place_id)
    if place is None:
        raise KeyError(place_id)
    names = (each.name for each in (place, *places.ancestors(place_id)))
    return Area(name=", ".join(names), codes=tuple(_codes(places, place)))


def clean(text: str) -> str:
    """*text* as it is sent: line ends are one character, other control characters are gone."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_link(text: str) -> bool:
    """Whether an alert may have it as its link: an address that begins with https://."""
    return _LINK.fullmatch(text) is not None


def in_force(alerts: Iterable[Alert], now_ms: int) -> list[Alert]:
    """Those of *alerts* that hold at this moment, the newest first.

    An alert holds until it expires or a later message names it; a cancel or an all clear never holds itself.
    """
    sent = [alert for alert in alerts if alert.sent_ms <= now_ms]
    replaced = {reference.id for alert in sent for reference in alert.references}
    holding = (alert for alert in sent if not _ends(alert) and alert.id not in replaced and now_ms < alert.expires_ms)
    return sorted(holding, key=lambda alert: (-alert.sent_ms, alert.id))


def xml(alert: Alert, zone: Zone) -> bytes:
    """The alert as CAP 1.2 in UTF-8, valid against the schema. zone: the town's, in which its times are written."""
    root = etree.Element(_tag(CAP, "alert"), nsmap={None: CAP})
    _add_all(root, CAP, _header(alert, zone))
    for words in alert.words:
        info = _add(root, CAP, "info")
        _add_all(info, CAP, _info(alert, words, zone))
        for part in alert.areas:
            _add_area(info, part)
    return _bytes(root)


def feed(alerts: Sequence[Alert], now_ms: int, base: str, title: str, zone: Zone) -> bytes:
    """An Atom feed (RFC 4287) of those in force. base: the server's address without a slash at its end.

    alerts: all that the town keeps, ended ones too, which say when the feed last changed; none at all say 1970.
    """
    root = etree.Element(_tag(ATOM, "feed"), nsmap={None: ATOM})
    changed = stamp(_changed(alerts, now_ms), zone)
    _add_all(root, ATOM, [("id", base + FEED_PATH), ("title", title), ("updated", changed)])
    _link(root, "self", base + FEED_PATH, "application/atom+xml")
    _add_all(_add(root, ATOM, "author"), ATOM, [("name", title)])
    for alert in in_force(alerts, now_ms):
        _entry(_add(root, ATOM, "entry"), alert, base, zone)
    return _bytes(root)


# -- what an alert must be ---------------------------------------------------------------------------------------------


def _problems_of(alert: Alert) -> Iterator[str]:
    names = [alert.id, alert.sender, *(name for each in alert.references for name in (each.id, each.sender))]
    if not all(_NAME.fullmatch(name) for name in names):
        yield "an id and a sender have no spaces, commas, < or &"
    if (alert.type == "alert") == bool(alert.references):
        yield "an update and a cancel name what they replace; a first alert replaces nothing"
    if alert.all_clear and alert.type != "update":
        yield "an all clear is an update"
    if alert.expires_ms <= alert.sent_ms:
        yield "an alert ends after it was sent"
    if not alert.areas:
        yield "an alert has an area"
    languages = [words.language.lower() for words in alert.words]
    if not languages or len(set(languages)) < len(languages) or not all(map(_LANGUAGE.fullmatch, languages)):
        yield "an alert is in at least one language, and in each once"
    if alert.link is not None and not is_link(alert.link):
        yield "a link is an address that begins with https://"


# -- CAP ---------------------------------------------------------------------------------------------------------------


def _header(alert: Alert, zone: Zone) -> Iterator[tuple[str, str]]:
    """The elements of <alert> before <info>, in the order of the schema (3.2.1)."""
    yield "identifier", alert.id
    yield "sender", alert.sender
    yield "sent", stamp(alert.sent_ms, zone)
    yield "status", "Exercise" if alert.exercise else "Actual"
    yield "msgType", alert.type.capitalize()
    yield "scope", "Public"
    if alert.exercise:
        yield "note", f"Exercise {alert.references[0].id if alert.references else alert.id}"
    if alert.references:
        yield "references", " ".join(_named(reference, zone) for reference in alert.references)


def _named(reference: Reference, zone: Zone) -> str:
    return f"{reference.sender},{reference.id},{stamp(reference.sent_ms, zone)}"


def _info(alert: Alert, words: Words, zone: Zone) -> Iterator[tuple[str, str]]:
    """The elements of <info> before <area>, in the order of the schema (3.2.2)."""
    yield "language", words.language
    yield "category", _word(alert.category)
    yield "event", words.event
    if alert.all_clear:
        yield "responseType", "AllClear"
    yield "urgency", _word(alert.urgency)
    yield "severity", _word(alert.severity)
    yield "certainty", _word(alert.certainty)
    yield "effective", stamp(alert.sent_ms, zone)
    yield "expires", stamp(alert.expires_ms, zone)
    yield "senderName", alert.sender_name
    yield "headline", words.headline
    yield "description", words.text
    if words.instruction is not None:
        yield "instruction", words.instruction
    if alert.link is not None:
        yield "web", alert.link


def _add_area(info: Node, part: Area) -> None:
    """One <area> (3.2.4); codes have the names that CBS's own files give them: buurtcode, wijkcode, gemeentecode."""
    element = _add(info, CAP, "area")
    _add_all(element, CAP, [("areaDesc", part.name)])
    if part.ring:
        # Latitude first, unlike everywhere else.
        points = " ".join(f"{latitude:.7f},{longitude:.7f}" for longitude, latitude in part.ring)
        _add_all(element, CAP, [("polygon", points)])
    for code in part.codes:
        kind = kind_of_code(code)
        name = CODE_FIELDS[kind][0] if kind else "code"
        _add_all(_add(element, CAP, "geocode"), CAP, [("valueName", name), ("value", code)])


def _codes(places: Places, place: Place) -> Iterator[str]:
    if kind_of_code(place.id):
        yield place.id
        return
    for child in places.children(place.id):
        yield from _codes(places, child)


def _word(word: str) -> str:
    """Our word as CAP writes it: "severe" is Severe."""
    return _IN_CAPITALS.get(word, word.capitalize())


# -- Atom --------------------------------------------------------------------------------------------------------------


def _entry(entry: Node, alert: Alert, base: str, zone: Zone) -> None:
    first, address = alert.words[0], f"{base}/alerts/{quote(alert.id, safe='')}.xml"
    headline = f"[Exercise] {first.headline}" if alert.exercise else first.headline
    entry.set("{http://www.w3.org/XML/1998/namespace}lang", first.language)
    _add_all(entry, ATOM, [("id", address), ("title", headline), ("updated", stamp(alert.sent_ms, zone))])
    _add_all(_add(entry, ATOM, "author"), ATOM, [("name", alert.sender_name)])
    _link(entry, "alternate", address, CAP_TYPE)
    _add_all(entry, ATOM, [("summary", first.text)])


def _link(parent: Node, relation: str, address: str, media_type: str) -> None:
    link = _add(parent, ATOM, "link")
    for name, value in (("rel", relation), ("href", address), ("type", media_type)):
        link.set(name, value)


def _changed(alerts: Iterable[Alert], now_ms: int) -> int:
    """When the feed last changed: something was sent, or expired."""
    moments = (moment for alert in alerts for moment in (alert.sent_ms, alert.expires_ms))
    return max((moment for moment in moments if moment <= now_ms), default=0)


def _ends(alert: Alert) -> bool:
    return alert.type == "cancel" or alert.all_clear


# -- XML ---------------------------------------------------------------------------------------------------------------


def _tag(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"


def _add(parent: Node, namespace: str, name: str) -> Node:
    return etree.SubElement(parent, _tag(namespace, name))


def _add_all(parent: Node, namespace: str, elements: Iterable[tuple[str, str]]) -> None:
    for name, text in elements:
        _add(parent, namespace, name).text = clean(text)


def _bytes(root: Node) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written
