"""Every layer of tests. conftest has the parts, town the cast, neighbour the client that people hold."""
