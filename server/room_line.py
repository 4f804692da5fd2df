"""One room with clients in this process: who they are, and up to where they were given everything."""

from __future__ import annotations

from server.client import Client
from server.connection import Connection


class Line:
    """One room with clients here. fresh: clients that were given more than the line, and up to where."""

    __slots__ = ("_connections", "clients", "fresh", "position")

    def __init__(self, position: int) -> None:
        self.position = position
        self.clients: dict[Client, None] = {}  # in the order they came; a set would shuffle them
        self.fresh: dict[Client, int] = {}
        self._connections: list[Connection] | None = None

    def add(self, client: Client) -> None:
        self.clients[client] = None
        self._connections = None

    def remove(self, client: Client) -> None:
        self.clients.pop(client, None)
        self.fresh.pop(client, None)
        self._connections = None

    @property
    def connections(self) -> list[Connection]:
        """Everybody's; the same object as long as nobody comes or goes, which tells the engine so."""
        if self._connections is None:
            self._connections = [client.connection for client in self.clients]
        return self._connections
