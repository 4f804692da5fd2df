"""What a person in the domain's stories holds: one device that speaks straight to dispatch, without a server."""

from __future__ import annotations

from typing import Any

import pytest

from rooms.command import COMMANDS
from rooms.dispatch import Caller, dispatch
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.town import Town
from tests.town import JAN_LUYKENLAAN, device_of


class Voice:
    """Somebody with one device."""

    def __init__(self, town: Town, person: Person, number: int = 1) -> None:
        self.town, self.person, self.device = town, person, device_of(person.name, number)
        self.id, self.room = person.id, person.street or JAN_LUYKENLAAN
        self._caller, self._count = Caller(person), 0

    def other_device(self) -> Voice:
        return Voice(self.town, self.person, 2)

    def next_id(self) -> str:
        self._count += 1
        return f"{self.device}:{self._count}"

    async def ask(self, command: str, **payload: Any) -> dict[str, Any]:
        """Send a command; to the own street unless it names a room, under the next client_id if it needs one."""
        fields = COMMANDS[command].payload.__struct_fields__
        if "room" in fields:
            payload.setdefault("room", self.room)
        if "client_id" in fields:
            payload.setdefault("client_id", self.next_id())
        return await dispatch(self.town, self._caller, command, payload)

    async def say(self, text: str, **more: Any) -> int:
        """Post a message and return its seq."""
        return int((await self.ask("message.post", text=text, **more))["seq"])

    async def refused(self, code: str, command: str, /, **payload: Any) -> dict[str, object]:
        """Send a command that must be refused with *code*; returns the whole refusal as it goes over the wire."""
        with pytest.raises(Refusal) as refusal:
            await self.ask(command, **payload)
        assert refusal.value.code == code
        return refusal.value.reply()

    async def page(self, **asked: Any) -> list[dict[str, Any]]:
        """The entries of a page of history."""
        entries: list[dict[str, Any]] = (await self.ask("room.history", **asked))["entries"]
        return entries

    async def texts(self, **asked: Any) -> list[str]:
        """The texts of the messages of a page."""
        return [entry["data"]["text"] for entry in await self.page(**asked) if entry["event"] == "message.posted"]
