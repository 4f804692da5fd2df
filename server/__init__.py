"""The process and its transports: HTTP, Socket.IO, the fan-out, the own Redis, the command line.

Read in this order: app (what exists and in which order it stops), gateway (a connection becomes a person, a command
goes to rooms.dispatch), welcome (its rooms, then what it missed), fanout (feeds -> sockets) with people (whom of the
staff a word concerns), sweeps (the periodic jobs); below them engine, connection, packet and turn (what leaves at the
end of a turn) carry the bytes. Imports rooms, never the reverse.
"""
