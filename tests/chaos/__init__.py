"""The proof of the promise: clients that write down what they see, faults, and a checker that judges (promise.md 4).

history.py    what was seen              checker.py  PURE: history + final logs -> violations
client.py     who sees it                planted.py  bugs that the checker must catch
nemesis.py    what goes wrong            run.py      all of it together; `python -m tests.chaos` by hand

cases.py      `python -m tests.chaos.cases`: calls that nobody answers, and what kills do to their deadlines; PURE
              cases_check.py judges, cases_planted.py has its bugs

alerts.py     `python -m tests.chaos.alerts`: alerts to the whole town while what carries them is killed; PURE
              alerts_check.py judges, alerts_planted.py has its bugs

retraction.py `python -m tests.chaos.retraction`: who gets what, and when, where a warning is taken back
"""
