"""The table of commands: name, payload, capability, limit, handler. Dispatch, documents and client types read it.

A command whose payload has a `client_id` changes something, once in effect; its limit is spent by its own script, after
the repeat has been recognised. The limit of any other command is spent per connection, before it runs.
"""

from __future__ import annotations

from rooms import check, message, reading, watching
from rooms.alert_table import ALERT_COMMANDS
from rooms.audit_table import AUDIT_COMMANDS
from rooms.case_table import CASE_COMMANDS
from rooms.command_row import Row
from rooms.report_table import REPORT_COMMANDS
from rooms.session_table import SESSION_COMMANDS
from rooms.shape import CLIENT_ID, STREET
from rooms.warning_table import WARNING_COMMANDS

COMMANDS: dict[str, Row] = {
    "message.post": Row(
        message.Post, message.post, "talk", "talk", "Say something in a room, maybe in reply to an entry.",
        {"room": STREET, "client_id": CLIENT_ID, "text": "Ziet iemand het licht?"}, {"seq": "number"},
    ),
    "message.edit": Row(
        message.Edit, message.edit, "talk", "touch", "Word your own message anew, within 15 minutes.",
        {"room": STREET, "client_id": CLIENT_ID, "target": 117, "text": "Ziet iemand dat licht?"}, {"seq": "number"},
    ),
    "message.retract": Row(
        message.Retract, message.retract, "talk", "touch", "Take your own message back, within 15 minutes.",
        {"room": STREET, "client_id": CLIENT_ID, "target": 117}, {"seq": "number"},
    ),
    "message.react": Row(
        message.React, message.react, "talk", "touch", "Leave one reaction on a message, or null to take it back.",
        {"room": STREET, "client_id": CLIENT_ID, "target": 117, "reaction": "thanks"}, {"seq": "number"},
    ),
    **WARNING_COMMANDS,
    **CASE_COMMANDS,
    **REPORT_COMMANDS,
    **ALERT_COMMANDS,
    "room.history": Row(
        reading.History, reading.history, "read_room", "read",
        "A page of at most 200 entries and 128 KiB: after a seq, before a seq, or the newest.",
        {"room": STREET, "after": 118, "limit": 50},
        {"entries": "Entry[]", "head": "number", "epoch": "number", "oldest": "number", "more": "boolean"},
    ),
    "room.read": Row(
        reading.Read, reading.read, "read_room", "read", "You have read up to here; your other devices follow.",
        {"room": STREET, "seq": 118}, {"seq": "number"},
    ),
    "room.typing": Row(
        reading.Typing, reading.typing, "talk", "typing", "You are writing; send it at most every few seconds.",
        {"room": STREET}, {},
    ),
    "board.watch": Row(
        watching.Watch, watching.watch, "watch_board", "read",
        "Watch the rooms of your jurisdiction: all of them, and then what changes, come as `board.changed`. Ask again "
        "after every `welcome`.", {}, {"rooms": "number", "areas": "BoardArea[]"},
    ),
    "board.unwatch": Row(
        watching.Unwatch, watching.unwatch, "watch_board", "read", "Watch them no longer.", {}, {},
    ),
    **AUDIT_COMMANDS,
    **SESSION_COMMANDS,
    "connection.check": Row(
        check.Check, check.check, "be_here", "read", "Is anybody there? Ask when nothing has been heard for a while.",
        {}, {"now": "number"},
    ),
}  # fmt: skip
