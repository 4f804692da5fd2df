"""Every setting: variable, type, default, meaning. `bart settings` prints them; options of a command come first."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from rooms.limit import LIMITS, Limit
from rooms.on_call import CasePolicy, tiers
from rooms.shape import Urgency
from rooms.town import DAY_MS, HOUR_MS, MINUTE_MS, Policy

PREFIX = "BART_"
ZONE = "Europe/Amsterdam"
ELSEWHERE = frozenset({"BART_SKIP_WEB", "BART_REDIS_SERVER"})
"""Read by the build of the client and by server/redis_binary.py."""

Rate = Annotated[str, Meta(pattern=r"\A[1-9][0-9]{0,5}/[1-9][0-9]{0,7}\Z")]
Port = Annotated[int, Meta(ge=0, le=65535)]
Tiers = Annotated[str, Meta(pattern=r"\A[1-9][0-9]{0,5}(/[1-9][0-9]{0,5}){2}\Z")]
WarningMinutes = Annotated[int, Meta(ge=1, le=1440)]
Positive = Annotated[int, Meta(ge=1, le=10**9)]
Natural = Annotated[int, Meta(ge=0, le=10**12)]


class SettingError(ValueError):
    """A setting has a value that can't be meant; the text names the variable, never its value."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one process runs. `meaning` in each field's metadata is what the table prints."""

    host: Annotated[str, Meta(description="address to listen on")] = "127.0.0.1"
    port: Annotated[Port, Meta(description="port to listen on; 0 takes a free one")] = 8000
    data: Annotated[str, Meta(description="data folder: the own Redis, the keys of codes and alerts")] = ""
    redis: Annotated[str, Meta(description="address of a Redis elsewhere, instead of the own one")] = ""
    code_key: Annotated[str, Meta(description="64 hex digits under which letter codes are kept; a file by default")] = (
        ""
    )
    alert_key: Annotated[str, Meta(description="64 hex digits, the secret that signs alerts; a file by default")] = ""
    alert_link_hosts: Annotated[
        str, Meta(description="hosts, by commas, to which or below which the link of an alert may lead")
    ] = "politie.nl,denhaag.nl,rijksoverheid.nl,crisis.nl"
    origins: Annotated[str, Meta(description="origins a browser may come from, by commas; the own host by default")] = (
        ""
    )
    trusted_proxies: Annotated[str, Meta(description="networks whose X-Forwarded-For is believed, by commas")] = ""
    disk_reserve_mb: Annotated[
        Natural, Meta(description="MiB of the disk that stay free: the town is read-only below it; 0 for no watch")
    ] = 256
    maxmemory_mb: Annotated[Natural, Meta(description="memory of the own Redis in MiB; 0 for no limit")] = 0
    handshakes_per_s: Annotated[Positive, Meta(description="new connections a second; beyond it 503")] = 2000
    limit_talk: Annotated[Rate, Meta(description="messages per person: at once / ms for one more")] = "10/2000"
    limit_touch: Annotated[Rate, Meta(description="edits, retractions, reactions per person")] = "30/500"
    limit_warning: Annotated[Rate, Meta(description="warnings per person")] = "3/1200000"
    limit_danger: Annotated[Rate, Meta(description="warnings of danger per person")] = "10/360000"
    limit_answer: Annotated[Rate, Meta(description="answers to warnings per person")] = "30/1000"
    limit_check: Annotated[Rate, Meta(description="looks at a warning being written, per connection")] = "20/500"
    limit_report: Annotated[Rate, Meta(description="reports of entries, and appeals, per person")] = "10/360000"
    limit_alert: Annotated[Rate, Meta(description="previews of alerts per connection")] = "20/3000"
    limit_read: Annotated[Rate, Meta(description="pages and read cursors per connection")] = "60/100"
    limit_typing: Annotated[Rate, Meta(description="signs of writing per connection")] = "3/2000"
    limit_outside: Annotated[Rate, Meta(description="commands about rooms that are not one's own")] = "10/1000"
    tiers_urgent: Annotated[Tiers, Meta(description="s per tier of an urgent call: area / district / town")] = (
        "60/60/120"
    )
    tiers_soon: Annotated[Tiers, Meta(description="the same of a call that can wait a little")] = "600/1200/3600"
    owner_urgent_s: Annotated[Positive, Meta(description="how long the owner of an urgent case may be silent")] = 900
    owner_soon_s: Annotated[Positive, Meta(description="the same of any other case")] = 3600
    reminder_s: Annotated[Positive, Meta(description="how long after the reminder a case is paged again")] = 300
    hand_over_s: Annotated[Positive, Meta(description="how long others may take to take a case over")] = 600
    unanswered_h: Annotated[Positive, Meta(description="how long a call that nobody answered waits")] = 24
    listed_days: Annotated[Positive, Meta(description="how long a call that pages nobody waits")] = 7
    rating_days: Annotated[Positive, Meta(description="how long a case can be rated or opened again")] = 7
    duty_s: Annotated[Positive, Meta(description="how long duty outlives the last device")] = 300
    open_cases: Annotated[Positive, Meta(description="open calls per person; beyond it they page nobody")] = 3
    cases_a_day: Annotated[Positive, Meta(description="calls per person and day; beyond it they page nobody")] = 5
    warning_minutes: Annotated[WarningMinutes, Meta(description="how long a warning is in force by default")] = 60
    neighbours_over: Annotated[Positive, Meta(description="neighbours who end a warning by saying it is over")] = 3
    edit_window_s: Annotated[Natural, Meta(description="how long an own message can be changed")] = 900
    session_days: Annotated[Positive, Meta(description="how long a session lasts")] = 180
    proof_minutes: Annotated[
        Positive, Meta(description="how long a shown second factor is good for alerts and measures")
    ] = 15
    household: Annotated[Positive, Meta(description="people a letter code is good for")] = 4
    code_days: Annotated[Positive, Meta(description="how long a letter code is valid")] = 30
    keep_talk_days: Annotated[Positive, Meta(description="how long talk is kept")] = 30
    keep_warning_days: Annotated[Positive, Meta(description="how long warnings are kept")] = 90
    keep_escalation_days: Annotated[Positive, Meta(description="how long cases are kept")] = 180
    keep_alert_days: Annotated[Positive, Meta(description="how long alerts are kept")] = 180
    keep_audit_days: Annotated[Positive, Meta(description="how long the open book tells of a deed of staff")] = 730
    purge_hour: Annotated[int, Meta(ge=0, le=23, description="hour of the nightly purge, in the town's zone")] = 4
    zone: Annotated[str, Meta(description="the town's time zone")] = ZONE
    few_below: Annotated[Positive, Meta(description="presence below this number is told as a few")] = 5
    drain_s: Annotated[Natural, Meta(description="how long a restart waits for its connections")] = 15
    log_format: Annotated[str, Meta(pattern=r"\A(console|json)\Z", description="console or json")] = "console"
    log_level: Annotated[str, Meta(pattern=r"\A(debug|info|warning|error)\Z", description="least level logged")] = (
        "info"
    )

    def policy(self) -> Policy:
        """The numbers the domain goes by."""
        rates = {name: _limit(getattr(self, f"limit_{name}")) for name in LIMITS}
        return Policy(
            limits=rates,
            edit_window_ms=self.edit_window_s * 1000,
            session_ms=self.session_days * DAY_MS,
            proof_ms=self.proof_minutes * MINUTE_MS,
            household=self.household,
            code_valid_ms=self.code_days * DAY_MS,
            keep_ms={
                **dict.fromkeys(("talk", "membership"), self.keep_talk_days * DAY_MS),
                "warning": self.keep_warning_days * DAY_MS,
                "escalation": self.keep_escalation_days * DAY_MS,
                "alert": self.keep_alert_days * DAY_MS,
            },
            keep_audit_ms=self.keep_audit_days * DAY_MS,
            few_below=self.few_below,
            warning_minutes=self.warning_minutes,
            neighbours_over=self.neighbours_over,
            duty_ms=self.duty_s * 1000,
            cases=self._cases(),
            open_cases=self.open_cases,
            link_hosts=tuple(host for part in self.alert_link_hosts.split(",") if (host := part.strip().lower())),
            cases_a_day=self.cases_a_day,
        )

    def _cases(self) -> dict[Urgency, CasePolicy]:
        """How a case of each urgency runs."""
        rows: dict[Urgency, tuple[tuple[int, ...], int]] = {
            "urgent": (_seconds(self.tiers_urgent), self.owner_urgent_s),
            "soon": (_seconds(self.tiers_soon), self.owner_soon_s),
            "information": ((), self.owner_soon_s),
        }
        return {
            urgency: CasePolicy(
                tiers=tiers(*seconds),
                accepted_ms=owner_s * 1000,
                reminder_ms=self.reminder_s * 1000,
                handing_over_ms=self.hand_over_s * 1000,
                listed_ms=self.listed_days * DAY_MS,
                unanswered_ms=self.unanswered_h * HOUR_MS,
                resolved_ms=self.rating_days * DAY_MS,
            )
            for urgency, (seconds, owner_s) in rows.items()
        }

    def data_folder(self) -> Path:
        """Where the data lives: as set, else the user's own data folder."""
        if self.data:
            return Path(self.data).expanduser().absolute()
        return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "bart"


def read(environ: Mapping[str, str], **options: Any) -> Settings:
    """Settings from variables, overridden by the options that are not None.

    Raises SettingError for a variable that is none of ours, or a value that can't be read.
    """
    given = {name.removeprefix(PREFIX).lower(): value for name, value in environ.items() if name.startswith(PREFIX)}
    for name in sorted(given):
        if name not in Settings.__struct_fields__:
            if PREFIX + name.upper() in ELSEWHERE:
                continue
            raise SettingError(f"{PREFIX}{name.upper()} is no setting of BART; `bart settings` prints them all.")
    values = {name: value for name, value in given.items() if name in Settings.__struct_fields__}
    values |= {name: value for name, value in options.items() if value is not None}
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingError(_sentence(str(error))) from None
    _check(settings)
    return settings


def table() -> list[tuple[str, str, str, str]]:
    """(variable, type, default, meaning) of every setting."""
    rows = []
    for field in msgspec.structs.fields(Settings):
        kind, meaning = _described(field.type)
        rows.append((PREFIX + field.name.upper(), kind, str(field.default), meaning))
    return rows


def _described(annotated: Any) -> tuple[str, str]:
    metas = [meta for meta in annotated.__metadata__ if isinstance(meta, Meta)]
    meaning = next(meta.description for meta in metas if meta.description)
    return annotated.__origin__.__name__, meaning


def _limit(rate: str) -> Limit:
    burst, _, every_ms = rate.partition("/")
    return Limit(int(burst), int(every_ms))


def _seconds(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("/"))


def _check(settings: Settings) -> None:
    for name in ("code_key", "alert_key"):
        secret = getattr(settings, name)
        if secret and (len(secret) != 64 or not _is_hex(secret)):
            raise SettingError(f"{PREFIX}{name.upper()} must be 64 hex digits.")
    for network in filter(None, settings.trusted_proxies.split(",")):
        try:
            ip_network(network.strip(), strict=False)
        except ValueError:
            raise SettingError(f"{PREFIX}TRUSTED_PROXIES names something that is no network.") from None
    try:
        ZoneInfo(settings.zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        if settings.zone != ZONE:  # a machine without any zones still serves; only its purge waits
            raise SettingError(f"{PREFIX}ZONE must be a time zone such as {ZONE}.") from None


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text.lower())


def _sentence(error: str) -> str:
    """'Expected `int`, got `str` - at `$.port`' with the variable's name and what is meant by it."""
    what, _, where = error.partition(" - at ")
    variable = PREFIX + where.strip("`").removeprefix("$.").upper()
    for name, _, default, meaning in table():
        if name == variable:
            reason = "" if "regex" in what else f" {what}."
            return f"{variable} can't be that.{reason} It is: {meaning} (by default {default})."
    return error
