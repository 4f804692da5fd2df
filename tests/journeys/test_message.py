"""Two neighbours talk: what one says the other reads, once, in order."""

from __future__ import annotations

from tests.conftest import Join
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST


async def test_two_neighbours_talk(join: Join) -> None:
    """What Ada says in her street, Ben reads; what Ben says, Ada reads; both see one order."""
    ada, ben = await join("Ada"), await join("Ben")
    first = await ada.say(JAN_LUYKENLAAN, "Ziet iemand het licht?")
    second = await ben.say(JAN_LUYKENLAAN, "Ja, bij nummer tien.", reply_to=first)
    assert second == first + 1
    for neighbour in (ada, ben):
        asked = await neighbour.expect("message.posted", seq=first, text="Ziet iemand het licht?")
        assert asked["by"]["name"] == "Ada"
        await neighbour.expect("message.posted", seq=second, reply_to=first)


async def test_a_message_stays_in_its_room(join: Join) -> None:
    """What is said in the street is not told to the rest of the neighbourhood."""
    ada, cor = await join("Ada"), await join("Cor", "BU05183637:betje-wolffstraat")
    await ada.say(JAN_LUYKENLAAN, "Alleen voor de straat.")
    await cor.expect_nothing("message.posted")
    await ada.say(MOERWIJK_WEST, "Voor de buurt.")
    await cor.expect("message.posted", room=MOERWIJK_WEST, text="Voor de buurt.")
