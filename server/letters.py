"""Letters to print: one A4 page per code in one HTML file, which needs nothing else and runs nothing.

The code stands in the fragment of the QR's link: browsers keep that to themselves, so no log of anybody's has it.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from html import escape
from ipaddress import ip_address
from pathlib import Path
from string import Template
from typing import Final, TextIO
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

import msgspec
import segno

from rooms import letter_code
from server.settings import Settings

_FOLDER = Path(__file__).parent
MONTHS: Final = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
                 "november", "december")  # fmt: skip
QUIET_ZONE: Final = 4
"""White modules around a QR code, as its standard asks."""
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_NOT_WRITTEN: Final = re.compile(r"[\s\x00-\x1f\"'<>\\^`{|}]")


class AddressError(ValueError):
    """A letter can't send people to this address; the sentence says what an address looks like."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What all letters to one street have in common. base: as `base_address` gave it."""

    street: str
    neighbourhood: str
    base: str
    household: int
    expires_at_ms: int
    zone: str


def base_address(text: str) -> str:
    """Where the town's client is, without a slash at the end.

    Raises AddressError for anything but https://host[:port], or http:// on this machine and in a private network:
    elsewhere the password of whoever joins would travel for everyone to read.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise AddressError(_meant("This is no address of a town")) from None
    if _NOT_WRITTEN.search(text.strip()) or not _is_base(parts):
        raise AddressError(_meant("This is no address of a town"))
    host = parts.hostname or ""
    if parts.scheme == "http" and not _is_private(host):
        raise AddressError(_meant("A letter needs an address with https://"))
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port is not None else ''}"


def default_address(settings: Settings) -> str:
    """The first origin that the settings name, else the one that `bart serve` listens on."""
    named = next(filter(None, (origin.strip() for origin in settings.origins.split(","))), "")
    return named or f"http://localhost:{settings.port}"


def is_of_this_machine(base: str) -> bool:
    """Whether a phone that scans the letter would look for BART in itself."""
    host = urlsplit(base).hostname or ""
    return host == "localhost" or (_is_ip(host) and ip_address(host).is_loopback)


def sheet(letter: Letter, codes: Iterable[str]) -> str:
    """The whole file: a page for each code."""
    page = Template((_FOLDER / "letter.html").read_text(encoding="utf-8"))
    pages = "\n".join(page.substitute(_facts(letter, code)) for code in codes)
    document = Template((_FOLDER / "letters.html").read_text(encoding="utf-8"))
    return document.substitute(street=escape(letter.street), pages=pages)


def link(base: str, code: str) -> str:
    """What the QR code says."""
    return f"{base}/#code={code}"


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """A file to write into, for its owner alone; it appears as *path*, whole, when the block has ended well.

    The name is taken at once, so that no codes are made for letters that can't be kept. Raises OSError, before the
    block where something has this name, or the folder is not there or not ours to write in.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(descriptor)  # a power cut must not leave an empty file of codes that nobody else has
        draft.replace(path)
    except BaseException:
        path.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
        raise


def _facts(letter: Letter, code: str) -> dict[str, str]:
    """What the template of a page names."""
    qr = segno.make(link(letter.base, code), error="m", micro=False)
    return {
        "street": escape(letter.street),
        "neighbourhood": escape(letter.neighbourhood),
        "address": escape(letter.base),
        "code": escape(letter_code.spoken(code)),
        "people": "1 persoon" if letter.household == 1 else f"{letter.household} mensen",
        "until": _day(letter.expires_at_ms, letter.zone),
        "qr": qr.svg_inline(omitsize=True, border=QUIET_ZONE, svgclass=None, lineclass=None, title="QR-code"),
    }


def _day(at_ms: int, zone: str) -> str:
    day = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone))
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _is_base(parts: SplitResult) -> bool:
    """Whether an address ends after its host and port, and names nobody's password."""
    host, ends = parts.hostname or "", parts.path in ("", "/") and not parts.query and not parts.fragment
    return parts.scheme in ("http", "https") and ends and "@" not in parts.netloc and (_is_ip(host) or _is_name(host))


def _is_name(host: str) -> bool:
    """Whether it is a host's name. One that ends in digits alone would be a mistyped IP address."""
    labels = host.split(".")
    return len(host) <= 253 and all(_LABEL.match(label) for label in labels) and not labels[-1].isdecimal()


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_private(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and ip_address(host).is_private)


def _meant(problem: str) -> str:
    return f"{problem}; --address takes one like https://bart.example.nl."
