"""The words on the screen, as the client's Dutch catalogue has them: those that come with the page, and later."""

from __future__ import annotations

import json
from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "clients/web/src/words"
WORDS: dict[str, str] = {
    key: text for part in sorted(_FOLDER.glob("nl*.json")) for key, text in json.loads(part.read_text()).items()
}


def words(key: str, **facts: str) -> str:
    return WORDS[key].format(**facts)
