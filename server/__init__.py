"""The process and its transports: HTTP, Socket.IO, the fan-out, the own Redis, the command line.

Read in this order:
    whole         app (what exists and in which order it stops), settings, ground, sweeps (the periodic jobs), logging,
                  metrics
    a command     gateway (a connection becomes a person, a command goes to rooms.dispatch), client, sign_in, familiar,
                  last_seen
    delivery      welcome (its rooms, then what it missed), fanout (feeds -> sockets) with room_line, ledger and people
                  (whom of the staff a word concerns), board (the counts that staff watch)
    bytes         door, handshake, engine, connection, line, backlog, pings, deadlines, turn (what leaves at the end of
                  a turn), eager, frames, packet; clients and socketio_server put them under python-socketio
    HTTP          routes/: account, places, alerts, health, web_client; address says whose request it is
    own Redis     embedded_redis, redis_binary, redis_folder, redis_facts; disk watches the room that is left
    beside it     audit_heads and erased_list in the data folder; backup
    command line  cli with cli_ground, cli_places, cli_people, cli_policy, cli_arrangement, cli_audit, cli_backup and
                  cli_erasure; letters prints; contract and typescript render the tables
    demo          demo/, a town that lives, in processes of its own

Imports rooms, never the reverse. `tests/test_architecture.py` holds this, and that every file stands here.
"""
