"""The comparison of BART with its peers, run by hand: `python -m tests.load --help`.

One server at a time on one core, the load client on another, loopback. BART is the whole server (`bart serve` with its
own Redis, people signed in, every message checked, ordered and synced to disk before it is answered); the peers only
relay. Read `__main__.py` for what is run, `rows.py` and `rows_own.py` for how each figure is measured, `reach.py` for
what it should be, `client.c` for who listens.
"""
