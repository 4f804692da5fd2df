"""The domain of BART. It knows Redis, and no socket.io, no aiohttp, no server.

Eight words carry it:
    Person   role, home or jurisdiction
    Place    municipality, district, wijk, neighbourhood, street
    Room     of a street, a neighbourhood, a desk, a private case
    Log      ordered, numbered, resumable
    Record   a body with a version: an account, a letter code, a case, an alert, a report
    Command  asked, `noun.verb`
    Event    happened, `noun.past`; kept in a log, or fleeting
    Refusal  no, and why, `snake_case`

Read in this order. What everything is made of comes first, then one thing that people do after the other; each of these
ends in its event, payload, shape and table, which hold its words.
    words        place, room, person, permission; refusal, shape, event, command, command_row, dispatch, call; limit
    store        key_dictionary, keys, store, pipeline, script and lua/, deed, log, feed, clock; together, lately and
                 along save round trips
    town         town, default_town; place_import reads others (cbs, geojson, place_name, import_draft, outline)
    belonging    membership by letter (letter_code), account, name (skeleton), guest; attempt counts wrong guesses
    signing in   session, session_table, second_factor, totp, sealed_secret, staff
    talk         message, reading, presence; given says who was given what, retention ends it all
    warning      warning, warning_shape, warning_payload, warning_event, warning_table, warning_record, warning_check,
                 warning_due; correction takes back; triage, looks, vocabulary and sentence read the words
    case         escalation and its moves (case, case_move, case_joining, case_passing), on_call, case_policy; raising,
                 desk, case_record, overdue, duty, roster, desk_view; alias, case_audit; case_payload, case_event,
                 case_table
    alert        alert, alert_rules, alert_chain, alert_body, alert_content, alert_words; alert_preview, alert_audience,
                 cover, polygon; alert_record, alert_delivery, alert_due, alert_reach; signature; cap, alert_cap and
                 moment for other programs; alert_shape, alert_payload, alert_event, alert_table
    moderation   report, report_ruling, reporting, report_record, report_due, measure, notice, in_person; entering
                 on a ground, inside, arrangement; report_shape, report_payload, report_event, report_table
    board        activity, activity_shape, activity_store, watching
    open book    audit, audit_deed, audit_book, audit_chain, audit_export, audit_payload, audit_table
    forgetting   erasure, erasure_rooms, erasure_records; traces finds somebody, own_words is what they take along
    keeping up   deadline carries out what is over; space says what still goes when the disk fills up; check answers a
                 client that wonders whether anybody is there

Imports run downwards: dispatch -> command -> features -> log, feed, account -> store -> keys; the pure files lie at
the bottom. `tests/test_architecture.py` holds this, and that every file stands here.
"""
