"""Settings: every one a variable, checked at the start, told without its value."""

from __future__ import annotations

from pathlib import Path

import pytest

from rooms.limit import LIMITS, Limit
from rooms.town import DAY_MS, Policy
from server import settings
from server.settings import SettingError, Settings


def test_without_variables_the_defaults_hold() -> None:
    """And the defaults are those of the domain, which product.md and promise.md name."""
    read = settings.read({"PATH": "/bin", "HOME": "/root"})
    assert read == Settings()
    assert read.policy() == Policy(limits=dict(LIMITS))


def test_an_option_comes_before_its_variable() -> None:
    """An option that was not given leaves the variable alone."""
    environ = {"BART_PORT": "8001", "BART_HOST": "0.0.0.0"}  # noqa: S104 - read, not bound
    read = settings.read(environ, port=9000, host=None)
    assert (read.port, read.host) == (9000, "0.0.0.0")  # noqa: S104


def test_the_numbers_of_a_town_may_be_chosen() -> None:
    """They reach the domain in its own units."""
    environ = {
        "BART_LIMIT_TALK": "3/500", "BART_EDIT_WINDOW_S": "60", "BART_SESSION_DAYS": "7", "BART_HOUSEHOLD": "2",
        "BART_CODE_DAYS": "14", "BART_KEEP_TALK_DAYS": "10", "BART_KEEP_WARNING_DAYS": "20",
        "BART_KEEP_ESCALATION_DAYS": "30", "BART_KEEP_ALERT_DAYS": "40", "BART_FEW_BELOW": "3",
        "BART_TIERS_URGENT": "1/2/3", "BART_OWNER_SOON_S": "60", "BART_DUTY_S": "9",
    }  # fmt: skip
    policy = settings.read(environ).policy()
    assert policy.limits["talk"] == Limit(3, 500)
    assert policy.limits["touch"] == LIMITS["touch"]
    assert (policy.edit_window_ms, policy.session_ms) == (60_000, 7 * DAY_MS)
    assert (policy.household, policy.code_valid_ms, policy.few_below) == (2, 14 * DAY_MS, 3)
    assert [tier.lasts_ms for tier in policy.cases["urgent"].tiers] == [1_000, 2_000, 3_000]
    assert (policy.cases["soon"].accepted_ms, policy.duty_ms) == (60_000, 9_000)
    kept = {name: kept_ms // DAY_MS for name, kept_ms in policy.keep_ms.items()}
    assert kept == {"talk": 10, "membership": 10, "warning": 20, "escalation": 30, "alert": 40}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BART_PORT", "http"),
        ("BART_PORT", "65536"),
        ("BART_PORT", "-1"),
        ("BART_HOUSEHOLD", "0"),
        ("BART_LIMIT_TALK", "10"),
        ("BART_TIERS_URGENT", "17/17"),
        ("BART_TIERS_SOON", "0/1/1"),
        ("BART_LIMIT_TALK", "0/77"),
        ("BART_LIMIT_TALK", "10/2000\n"),
        ("BART_ALERT_KEY", "abc"),
        ("BART_CODE_KEY", "abc"),
        ("BART_CODE_KEY", "z" * 64),
        ("BART_TRUSTED_PROXIES", "elders"),
        ("BART_TRUSTED_PROXIES", "10.0.0.0/8,10.0.0.0/99"),
        ("BART_ZONE", "Europa/Den_Haag"),
        ("BART_LOG_LEVEL", "loud"),
        ("BART_LOG_FORMAT", "xml"),
        ("BART_PURGE_HOUR", "24"),
    ],
)
def test_a_value_that_cannot_be_meant_stops_the_start(variable: str, value: str) -> None:
    """The error names the variable and never its value, which may be a secret."""
    with pytest.raises(SettingError) as caught:
        settings.read({variable: value})
    assert variable in str(caught.value)
    assert value not in str(caught.value).replace(variable, "") or len(value) <= 2


def test_a_misspelt_variable_stops_the_start() -> None:
    """A setting that would be passed over in silence is worse than none; those of other parts are left alone."""
    with pytest.raises(SettingError, match="BART_PROT is no setting"):
        settings.read({"BART_PROT": "8001"})
    settings.read({"BART_SKIP_WEB": "1", "BART_REDIS_SERVER": "/usr/bin/redis-server"})


def test_every_setting_is_in_the_table() -> None:
    """With its variable, its type, its default and what it means."""
    rows = {variable: row for variable, *row in settings.table()}
    assert set(rows) == {f"BART_{name.upper()}" for name in Settings.__struct_fields__}
    assert rows["BART_PORT"] == ["int", "8000", "port to listen on; 0 takes a free one"]
    assert all(meaning for _, _, meaning in rows.values())


def test_the_data_folder_is_the_users_own_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """XDG_DATA_HOME where it is set; a folder that was given is taken as it is, from here."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().data_folder() == tmp_path / "bart"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings().data_folder() == tmp_path / ".local/share/bart"
    monkeypatch.chdir(tmp_path)
    assert Settings(data="town").data_folder() == tmp_path / "town"
