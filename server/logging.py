"""The program's log: structured lines on standard error, without content, names or tokens; libraries stay silent."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from server import metrics

ALARM = "alarm: "
SILENT = ("socketio", "engineio", "aiohttp", "asyncio", "redis", "socketio.server", "engineio.server")


def configure(form: str, level: str) -> None:
    """Set up once per process. form: console or json; level: the least that is written."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            count_alarms,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def count_alarms(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Every alarm is counted, wherever in the program it is raised."""
    if str(line.get("event", "")).startswith(ALARM):
        metrics.alarms.inc()
    return line


def where(error: BaseException) -> str:
    """The last places an exception passed, as file:line, without what it says: that could be somebody's words."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-4:]))
