"""A street that talks: conversations of its neighbours, in its own room and at times in the neighbourhood's."""

from __future__ import annotations

from rooms.place import Place
from server.demo import hours, phrases
from server.demo.neighbour import Neighbour
from server.demo.pace import Pace
from server.demo.phrases import Words

USUAL_S, LIVELY_S = 280.0, 70.0
"""Between two conversations in the evening: of any street, and of the one that visitors look at."""
FIRST_WITHIN_S = 60.0
REACTIONS = ("thumbs_up", "heart", "thanks", "laugh", "wow", "sad")
IN_THE_NEIGHBOURHOOD = 0.2
TURN_S, WRITING_S = 11.0, 3.0


class Street:
    """A street and those of its neighbours who have come. is_lively: the one in which visitors are."""

    def __init__(self, place: Place, neighbours: list[Neighbour], pace: Pace, *, is_lively: bool = False) -> None:
        self.place, self.neighbours, self.pace, self._is_lively = place, neighbours, pace, is_lively
        self.is_alarmed = False
        """Something happens here now: nobody chats about parking meanwhile."""

    def here(self) -> list[Neighbour]:
        return [neighbour for neighbour in self.neighbours if neighbour.is_here]

    async def live(self) -> None:
        """Talk for ever, at a pace that goes by the hour."""
        usual_s = LIVELY_S if self._is_lively else USUAL_S
        await self.pace.exactly(0 if self._is_lively else self.pace.chance.uniform(0, FIRST_WITHIN_S))
        while True:
            await self.talk()
            await self.pace.pause(hours.gap_s(usual_s, self.pace.hour()))

    async def talk(self) -> None:
        """One conversation of those who are awake; nothing where nobody could answer."""
        here = self.here()
        if len(here) < 2 or self.is_alarmed:
            return
        chance = self.pace.chance
        room = self.neighbourhood if chance.random() < IN_THE_NEIGHBOURHOOD else self.place.id
        topic, words = chance.choice(list(phrases.read().topics.values())), Words(phrases.read(), chance)
        first, *others = chance.sample(here, min(len(here), chance.randint(2, 4)))
        seq = await self._say(first, room, words.one_of(topic.opens))
        for other in others:
            await self.pace.pause(TURN_S)
            answered = await self._say(other, room, words.one_of(topic.answers), reply_to=seq)
            if chance.random() < 0.4:
                await self._react(chance.choice(here), room, answered)
        if chance.random() < 0.6:
            await self.pace.pause(TURN_S)
            await self._say(first, room, words.one_of(topic.closes))

    @property
    def neighbourhood(self) -> str:
        return self.place.parent or self.place.id

    async def _say(self, who: Neighbour, room: str, text: str, reply_to: int = 0) -> int:
        """With a sign of writing; its seq, 0 where nobody wants to talk now. reply_to: often only, as people do."""
        if self.is_alarmed:
            return 0
        await who.write(room)
        await self.pace.pause(WRITING_S)
        if reply_to and self.pace.chance.random() < 0.5:
            return await who.say(room, text, reply_to=reply_to)
        return await who.say(room, text)

    async def _react(self, who: Neighbour, room: str, seq: int) -> None:
        if seq:
            await self.pace.pause(WRITING_S)
            await who.do("message.react", room=room, target=seq, reaction=self.pace.chance.choice(REACTIONS))
