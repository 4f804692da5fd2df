"""The domain of BART. It knows Redis, and no socket.io, no aiohttp, no server.

Eight words carry it:
    Person   role, home or jurisdiction
    Place    municipality, district, wijk, neighbourhood, street
    Room     of a street, a neighbourhood, a desk, a private case
    Log      ordered, numbered, resumable
    Record   a body with a version: an account, a letter code, a case
    Command  asked, `noun.verb`
    Event    happened, `noun.past`; kept in a log, or fleeting
    Refusal  no, and why, `snake_case`

Read in this order: place, person, permission; refusal, shape, event, command, dispatch; message, membership, account;
keys, log, feed, store, lua/. A call for help: on_call, case, escalation and its moves (case_move, case_joining,
case_passing), case_policy, desk, case_record, overdue, duty, desk_view. A warning: warning_shape, warning,
warning_record, warning_due, given, correction; triage and looks read its words.

Imports run downwards: dispatch -> command -> features -> log, feed, account -> store -> keys; the pure files lie at
the bottom. `tests/test_architecture.py` holds this.
"""
