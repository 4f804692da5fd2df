"""The views of warnings: the steps in which one warns, the lane above the talk, what is left of it, and notices."""

from __future__ import annotations

from typing import Any

from playwright.async_api import expect

from tests.neighbour import Neighbour
from tests.web.browser import Window
from tests.web.called import done
from tests.web.views_called import home
from tests.web.visit import Visit

GLASS = "Iemand klimt over de schutting en er klinkt brekend glas."
LOOKS = "Een man met een capuchon en een donkere baard."
NOISE = "Harde muziek bij de speeltuin, al de hele avond."
AGAIN = (
    ("traffic", "Een vrachtwagen staat dwars op de weg bij de school."),
    ("public_space", "Er ligt een grote tak over het fietspad."),
    ("nuisance", NOISE),
)


async def raised(who: Neighbour, kind: str, text: str, **more: Any) -> int:
    """In the own street; its seq."""
    said = {"room": who.person["street"]["id"], "kind": kind, "text": text, **more}
    return int((await done(who, "warning.raise", said))["seq"])


async def about(who: Neighbour, deed: str, target: int, **more: Any) -> None:
    await done(who, f"warning.{deed}", {"room": who.person["street"]["id"], "target": target, **more})


async def neighbour_of(visit: Visit, asker: Neighbour) -> Neighbour:
    return await visit.town.called.asker(street=asker.person["street"]["id"])


async def burglary(visit: Visit) -> tuple[Neighbour, int]:
    """Raised, 112 was called, and two neighbours have answered."""
    asker = await visit.town.called.asker()
    seq = await raised(asker, "burglary", GLASS, emergency="called", severity="severe", place_note="Aan het park")
    for answer in ("see", "see", "not_here"):
        await about(await neighbour_of(visit, asker), "answer", seq, answer=answer)
    return asker, seq


# the steps -------------------------------------------------------------------------------------------


async def warn(visit: Visit) -> Window:
    """What is it?"""
    window = await home(visit, await visit.town.called.asker())
    await window.at("warn").click()
    await expect(window.at("kind-fire")).to_be_visible()
    return window


async def warn_where(visit: Visit) -> Window:
    """What happens, and where, with a hint about what looks like a house number."""
    window = await warn(visit)
    await window.at("kind-nuisance").click()
    await window.at("warn-text").fill(NOISE)
    await window.at("warn-place").fill("Naast de speeltuin, nummer 12")
    await window.at("warn-more").click()
    await expect(window.at("house-hint")).to_be_visible()
    return window


async def warn_hint(visit: Visit) -> Window:
    """Only looks: kind and short, before it goes."""
    window = await warn(visit)
    await window.at("kind-suspicious").click()
    await window.at("warn-text").fill(LOOKS)
    await window.at("warn-send").click()
    await expect(window.at("warn-hint")).to_be_visible()
    await window.at("warn-hint").scroll_into_view_if_needed()
    return window


async def warn_112(visit: Visit) -> Window:
    """First 112, then the neighbours; and it is said what is lacking."""
    window = await warn(visit)
    await window.at("kind-burglary").click()
    await window.at("warn-text").fill(GLASS)
    await window.at("warn-next").click()
    await window.at("warn-send").click()
    await expect(window.at("answer-112-called")).to_have_count(1)
    return window


# in force --------------------------------------------------------------------------------------------


async def warning(visit: Visit) -> Window:
    """As a neighbour has it who sees it too."""
    asker, seq = await burglary(visit)
    neighbour = await neighbour_of(visit, asker)
    await about(neighbour, "answer", seq, answer="see")
    await neighbour.say(neighbour.person["street"]["id"], "Ik hoorde het ook, aan de achterkant.")
    window = await home(visit, neighbour)
    await expect(window.at("answer-see")).to_have_attribute("aria-pressed", "true")
    return window


async def warning_own(visit: Visit) -> Window:
    """As its author has it: how many were given it, which desk fits, and another one to choose."""
    asker, _ = await burglary(visit)
    window = await home(visit, asker)
    await expect(window.at("reach")).not_to_be_empty()
    await window.at("desk-other").click()
    return window


async def warning_many(visit: Visit) -> Window:
    """Thirty at once."""
    asker, _ = await burglary(visit)
    for _ in range(10):
        neighbour = await neighbour_of(visit, asker)
        for kind, text in AGAIN:
            await raised(neighbour, kind, text)
    window = await home(visit, asker)
    await expect(window.at("warnings-all")).to_be_visible()
    return window


async def warning_all(visit: Visit) -> Window:
    """Thirty, all of them."""
    window = await warning_many(visit)
    await window.at("warnings-all").click()
    await expect(window.at("pin")).to_have_count(31)
    return window


async def warning_and_case(visit: Visit) -> Window:
    """Help was called in from it."""
    asker, seq = await burglary(visit)
    await visit.town.called.call(asker, urgency="urgent", emergency="called", kind="burglary", warning=seq)
    window = await home(visit, await neighbour_of(visit, asker))
    await expect(window.at("case")).to_have_attribute("data-state", "paging")
    return window


async def warning_over(visit: Visit) -> Window:
    """All clear, corrected, taken back: what is left in the timeline."""
    asker = await visit.town.called.asker()
    noise = await raised(asker, "nuisance", NOISE)
    await about(await neighbour_of(visit, asker), "answer", noise, answer="see")
    text = "Harde muziek op het plein, al de hele avond."
    await about(asker, "correct", noise, text=text, reason="Het is het plein, niet de speeltuin.")
    await about(asker, "clear", noise)
    false = await raised(asker, "burglary", GLASS, emergency="called")
    await about(asker, "retract", false, reason="De buurvrouw was haar sleutel vergeten.")
    window = await home(visit, asker)
    await expect(window.at("warning.retracted")).to_be_visible()
    return window


# what is not so --------------------------------------------------------------------------------------


async def retract(visit: Visit) -> Window:
    """Why it is not so; and that this is lacking."""
    asker, _ = await burglary(visit)
    window = await home(visit, asker)
    await window.at("retract-warning").click()
    await window.at("retract-send").click()
    return window


async def correct(visit: Visit) -> Window:
    asker, _ = await burglary(visit)
    window = await home(visit, asker)
    await window.at("correct-warning").click()
    await expect(window.at("correct-text")).to_have_value(GLASS)
    return window


async def notice(visit: Visit) -> Window:
    """First thing after return, of two."""
    asker, seq = await burglary(visit)
    away = await neighbour_of(visit, asker)
    noise = await raised(asker, "nuisance", NOISE)
    await away.close()
    await about(asker, "correct", noise, text="Harde muziek op het plein.", reason="Het is een straat verder.")
    await about(asker, "retract", seq, reason="De buurvrouw was haar sleutel vergeten en klom naar binnen.")
    window = await home(visit, away)
    await expect(window.at("notice")).to_be_visible()
    return window


ALL = (
    warn, warn_where, warn_hint, warn_112, warning, warning_own, warning_many, warning_all, warning_and_case,
    warning_over, retract, correct, notice,
)  # fmt: skip
