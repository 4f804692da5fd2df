"""`bart demo`: a town that lives, made by two processes besides Redis, both ended by a third, which is the command.

launch (starts both, says how to come in, and ends them) -> serving (the server of `bart serve`, with a door for five
guests) and living (some 300 neighbours and the staff on duty, each a real Socket.IO client). Below living: cast (who
lives where), people (their accounts), hours (who is awake), phrases (what they say), neighbour (one client), street and
warned (how they talk and warn), desk (who answers calls), story (the evening in one street). mark says whose town it
is; child is how the two are given their orders.
"""
