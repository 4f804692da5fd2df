"""A look at a warning that is being written: the desk that fits, and whether it tells of looks only. Keeps no word."""

from __future__ import annotations

from rooms import keys, looks, triage
from rooms.call import Call, Reply
from rooms.town import DAY_MS, Town
from rooms.warning import told
from rooms.warning_payload import CheckWarning

HINTED = (None, "suspicious")
"""Kinds of which what the person does must be said; None: not chosen yet."""


async def check(town: Town, call: Call[CheckWarning]) -> Reply:
    """{desk, confidence, words, dangerous, hint, looks}. A hint is counted for the town and the day, for nobody."""
    said = call.payload
    found = triage.propose(said.text, said.kind)
    hint = looks.only_looks(said.text) if said.kind in HINTED else None
    if hint is not None:
        # A figure on which nobody's right hangs: a count whose answer was lost may be counted twice.
        await town.store.read("HINCRBY", keys.HINTS, call.now_ms // DAY_MS, 1)
    proposed = told(found)
    return {
        "ok": True, "desk": proposed.desk, "confidence": proposed.confidence, "words": list(proposed.words),
        "dangerous": found.dangerous, "hint": hint is not None, "looks": list(hint.words) if hint is not None else [],
    }  # fmt: skip
