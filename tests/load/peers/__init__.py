"""What BART is compared with: small relays, each as its field's documentation would have it written.

Each is a program of its own that listens on a free port, prints {"port": ...} and gives every message to everybody,
the author included. `floor.c` and `node/` are two that are not Python.
"""
