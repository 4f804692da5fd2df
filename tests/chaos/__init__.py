"""The proof of the promise: clients that write down what they see, faults, and a checker that judges (promise.md 4).

history.py    what was seen              checker.py  PURE: history + final logs -> violations
client.py     who sees it                planted.py  bugs that the checker must catch
paths_check.py  PURE: logs -> warnings and cases that went where there is no way
nemesis.py    what goes wrong            run.py      all of it together
crowd.py      neighbours, staff_crowd.py officers and moderators
rounds.py     a long run in rounds on one town, kept and resumed: `python -m tests.chaos`
trial.py      every planted bug against its checker: `python -m tests.chaos --planted`

backup.py     `python -m tests.chaos.backup`: `bart backup` under kills, and a town made of each; PURE backup_check.py

cases.py      `python -m tests.chaos.cases`: calls that nobody answers, and what kills do to their deadlines; PURE
              cases_check.py judges, cases_planted.py has its bugs

alerts.py     `python -m tests.chaos.alerts`: alerts to the whole town while what carries them is killed; PURE
              alerts_check.py judges, alerts_planted.py has its bugs

faults.py     `python -m tests.chaos.faults`: one fault of the machine at a time, each in a file of its own: power, a
              full disk, no memory left, wrong clocks, restarts, orphans, strange frames

retraction.py `python -m tests.chaos.retraction`: who gets what, and when, where a warning is taken back
"""
