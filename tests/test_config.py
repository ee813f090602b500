"""Settings are read strictly: what is not understood is told with its place and the nearest that would be."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serjeant.config import FormatSettings, GenericSettings, RuleSettings, Settings, load, settings_for
from serjeant.errors import SerjeantError, UnreadableError, UsageError


def from_text(folder: Path, text: str) -> Settings:
    path = folder / "house.toml"
    path.write_text(text)
    return load(path)


FULL = """
timezone = "Europe/London"
domains = ["example.org"]
own_networks = ["192.0.2.0/24", "2001:db8::/32"]
trusted_proxies = ["192.0.2.0/28"]
monitors = ["check@192.0.2.9", "probe@example.org@2001:db8::9"]

[generic.vpn]
kind = "csv"
files = "vpn-*.csv"
time_format = "%d.%m.%Y %H:%M:%S"
columns = { time = "Zeit", user_name = "Benutzer", src_ip = "Adresse", outcome = "Ergebnis" }
outcomes = { OK = "success", "Falsch" = "failure" }
reasons = { "Falsch" = "bad_password" }
constants = { service = "vpn", count = 1, is_mfa = false }

[detect.source_sprt]
alpha = 0.001

[plugins]
formats = ["acme"]
"""


def test_a_full_file(tmp_path: Path) -> None:
    settings = from_text(tmp_path, FULL)
    assert settings == Settings(
        timezone="Europe/London",
        domains=("example.org",),
        own_networks=("192.0.2.0/24", "2001:db8::/32"),
        trusted_proxies=("192.0.2.0/28",),
        monitors=("check@192.0.2.9", "probe@example.org@2001:db8::9"),
        generic={
            "vpn": GenericSettings(
                kind="csv",
                files="vpn-*.csv",
                time_format="%d.%m.%Y %H:%M:%S",
                columns={"time": "Zeit", "user_name": "Benutzer", "src_ip": "Adresse", "outcome": "Ergebnis"},
                outcomes={"OK": "success", "Falsch": "failure"},
                reasons={"Falsch": "bad_password"},
                constants={"service": "vpn", "count": 1, "is_mfa": False},
            )
        },
        detect={"source_sprt": {"alpha": 0.001}},
        plugins={"formats": ("acme",)},
    )
    assert settings.generic["vpn"].constants["is_mfa"] is False


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None) == Settings()
    (tmp_path / "serjeant.toml").write_text('\ufefftimezone = "Europe/Paris"')
    assert load(None).timezone == "Europe/Paris"
    with pytest.raises(UnreadableError, match=r"gone\.toml: cannot be read: No such file"):
        load(Path("gone.toml"))


GENERIC = "[generic.x]\nkind = 'csv'\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('timezon = "UTC"', "house.toml: there is no setting 'timezon'; did you mean timezone?"),
        ("zzz = 1", "there is no setting 'zzz'; there are timezone, domains,"),
        ("timezone = 1", "'timezone' must be text in quotes, not 1"),
        ('timezone = "Europe/Londn"', "timezone 'Europe/Londn' is not known; did you mean Europe/London?"),
        ('timezone = "Europe"', "timezone 'Europe' is not known"),
        ('timezone = "../../etc/passwd"', "is not known"),
        ('domains = "example.org"', "'domains' must be a list of text in quotes, not 'example.org'"),
        ('domains = ["a", 1]', "'domains' must be text in quotes, not 1"),
        ('domains = ["@example.org"]', "domains: '@example.org' is no domain"),
        ('own_networks = ["192.0.2.1/24"]', "own_networks: 192.0.2.1/24 has host bits set"),
        ('trusted_proxies = ["proxy"]', "trusted_proxies: 'proxy' does not appear to be"),
        ('monitors = ["check"]', "monitors: 'check' is no account and address; write it as check@192.0.2.1"),
        ('monitors = ["@192.0.2.1"]', "is no account and address"),
        ("generic = 1", "'generic' must be a table, not 1"),
        ("[generic]\nkind = 'csv'", "'generic.kind' must be a table, not 'csv'"),
        (GENERIC, "'generic.x.columns' is missing; our column = the log's column"),
        (GENERIC.replace("csv", "xml"), "'generic.x.columns' is missing"),
        (GENERIC.replace("csv", "xml") + "columns.time = 't'", "'generic.x.kind' must be 'csv' or 'tsv' or 'json'"),
        (GENERIC + "colums = {}", "there is no setting 'generic.x.colums'; did you mean columns?"),
        (GENERIC + "columns = {}", "[generic.x] columns must say which column is the time"),
        (GENERIC + "columns.usr_name = 'u'", "columns: 'usr_name' is none of ours; did you mean user_name?"),
        (GENERIC + "columns.time = 't'\noutcomes.OK = 'sucess'", "'sucess' is none of ours; did you mean success?"),
        (GENERIC + "columns.time = 't'\nreasons.OK = 'zzz'", "'zzz' is none of ours; there are bad_password,"),
        (GENERIC + "columns.time = 't'\nconstants.count = 1.5", "must be text in quotes or a whole number or true"),
        ("timezone = ", "house.toml: is no TOML: Invalid value (at "),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_what_to_do(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        from_text(tmp_path, text)
    assert says in str(refused.value)
    assert str(refused.value).startswith(f"{tmp_path}/house.toml: ")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="is not UTF-8"):
        load(tmp_path / "x.toml")


@dataclass(frozen=True)
class Tuning:
    """As a detector would have it."""

    alpha: float = 0.01
    burst: int = 10
    window: timedelta = timedelta(hours=1)
    mode: Literal["fast", "slow"] = "fast"
    limit: int | None = None
    names: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ValueError("alpha must lie between 0 and 1")


def test_a_plugin_reads_its_own_table() -> None:
    table = {"alpha": 0.5, "window": "18d", "mode": "slow", "limit": 3, "names": {"a": [1, 2]}}
    read = settings_for(Tuning, table, "house.toml", "detect.t1.")
    assert read == Tuning(0.5, 10, timedelta(days=18), "slow", 3, {"a": (1, 2)})
    assert settings_for(Tuning, {"window": "1.5 min"}, "x").window == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"alpha": True}, "'detect.t1.alpha' must be a number, not True"),
        ({"burst": 1.0}, "'detect.t1.burst' must be a whole number, not 1.0"),
        ({"burst": True}, "'detect.t1.burst' must be a whole number, not True"),
        ({"window": "1 week"}, "'detect.t1.window' must be a duration such as '10min' or '30d', not '1 week'"),
        ({"window": 5}, "must be a duration"),
        ({"alpha": 2.0}, "[detect.t1] alpha must lie between 0 and 1"),
        ({"names": {"a": ["x"]}}, "'detect.t1.names.a' must be a whole number, not 'x'"),
    ],
)
def test_a_plugins_table_is_held_to_its_types(table: Mapping[str, object], says: str) -> None:
    with pytest.raises(UsageError) as refused:
        settings_for(Tuning, table, "house.toml", "detect.t1.")
    assert str(refused.value).startswith("house.toml: ")
    assert says in str(refused.value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from([each.name for each in dataclasses.fields(Settings)]) | st.text(max_size=5)


@given(st.dictionaries(keys, values, max_size=3))
def test_any_table_gives_settings_or_one_line(table: dict[str, object]) -> None:
    try:
        settings_for(Settings, table, "house.toml")
    except SerjeantError as refused:
        line = str(refused)
    else:
        line = ""
    assert "\n" not in line


def test_every_setting_says_what_it_is_for() -> None:
    for kind in (Settings, GenericSettings, FormatSettings, RuleSettings):
        assert all(each.metadata.get("help") for each in dataclasses.fields(kind))


def test_the_example_is_toml() -> None:
    assert tomllib.loads(FULL)
