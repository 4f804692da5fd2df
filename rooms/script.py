"""The Lua scripts: one deed each, put together from named fragments, so that no rule is written twice.

A script's first line may read `-- uses: known spend`; the fragments of those names come before it, in that order.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import resources

import msgspec


class Script(msgspec.Struct, frozen=True):
    """A deed as Redis runs it. sha: SHA-1 of the source, by which EVALSHA finds it; writes: it may change something."""

    name: str
    source: str
    sha: str
    writes: bool = True


_FOLDER = resources.files("rooms") / "lua"
_USES = "-- uses:"
_CALLS = re.compile(r"redis\.p?call\(\s*'(\w+)'")
READS = frozenset({
    "EXISTS", "GET", "HEXISTS", "HGET", "HGETALL", "HKEYS", "HLEN", "HMGET", "HVALS", "XRANGE", "XREVRANGE", "ZCARD",
    "ZCOUNT", "ZRANGE", "ZRANGEBYSCORE", "ZREVRANGEBYSCORE", "ZSCORE",
})  # fmt: skip
"""What a script may call and still change nothing; whatever else it calls counts as writing."""


@cache
def script(name: str) -> Script:
    """The script of that name. Raises FileNotFoundError where there is none."""
    own = (_FOLDER / f"{name}.lua").read_text()
    first_line = own.partition("\n")[0]
    fragments = first_line.removeprefix(_USES).split() if first_line.startswith(_USES) else []
    source = "\n".join([*((_FOLDER / "fragments" / f"{part}.lua").read_text() for part in fragments), own])
    sha = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
    return Script(name, source, sha, writes=not READS.issuperset(_CALLS.findall(source)))


def names() -> list[str]:
    """Every deed there is, in alphabetical order."""
    return sorted(file.name.removesuffix(".lua") for file in _FOLDER.iterdir() if file.name.endswith(".lua"))
