"""Formats of the user's own: a few lines of settings, read as they mean or refused with one line on what to do."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import Cli
from serjeant.collect import own
from serjeant.collect.batch import IGNORED, PARSED, UNPARSED, Batch
from serjeant.collect.known import envelopes, formats, wrappings
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock
from serjeant.config import Settings, load
from serjeant.config.pattern import groups, spelt
from serjeant.errors import SerjeantError, UsageError
from serjeant.model.login import OUTCOMES, REASONS

PORTAL = r"""
[formats.ourportal]
programs = ["portald"]
constants = { service = "portal" }

[[formats.ourportal.rules]]
name = "login"
pattern = '^login (?P<outcome>ok|denied) for (?P<user_name>.*) from (?P<src_ip>[0-9A-Fa-f.:]+)$'
outcomes = { ok = "success", denied = "failure" }
reason = "bad_password"

[[formats.ourportal.rules]]
name = "kept_out"
pattern = '^(?<user_name>.*) kept out \((?<reason>[a-z ]+)\)$'
outcome = "refused"
reasons = { "too many" = "locked" }

[[formats.ourportal.rules]]
name = "chatter"
pattern = '^(?:started|stopped).*$'
ignore = true
"""

DOOR = r"""
[formats.door]
starts = '^\[(?P<time>[^\]]+)\] [A-Z]+ '
time_format = "%d.%m.%Y %H:%M:%S"

[[formats.door.rules]]
pattern = '^(?P<user_name>.*) came in from (?P<src_ip>[0-9A-Fa-f.:]+)$'
outcome = "success"
constants = { is_mfa = true }
"""

SHOP = r"""
[formats.shop]
kind = "json"

[formats.shop.fields]
time = "at"
user_name = ["user.name", "login"]
src_ip = "ip"
outcome = "ok"
reason = "why"
event = "event"

[[formats.shop.rules]]
where = { event = "signin" }
outcomes = { true = "success", false = "failure" }
reasons = { pw = "bad_password" }

[[formats.shop.rules]]
where = { event = '^(?:cart|pay)\..*$' }
ignore = true
"""


def house(folder: Path, *tables: str) -> Settings:
    path = folder / "house.toml"
    path.write_text("\n".join(tables), "utf-8")
    return load(path)


def read(known: Settings, *lines: str) -> Batch:
    all_formats = own.formats(known.formats)
    clock = Clock(ZoneInfo("UTC"), 2026)
    return parse_lines(pl.Series(lines, dtype=pl.String), all_formats, envelopes(all_formats), clock)


def rows(batch: Batch) -> list[dict[str, Any]]:
    wanted = ("line", "user_name", "src_ip", "outcome", "reason", "service", "is_mfa", "time")
    return batch.rows.select(wanted).to_dicts()


def syslog(message: str) -> str:
    return f"Jun  5 09:12:33 gate portald[7]: {message}"


def test_lines_of_a_program_mean_what_the_rules_say(tmp_path: Path) -> None:
    batch = read(
        house(tmp_path, PORTAL),
        syslog("login ok for ada from 192.0.2.7"),
        syslog("login denied for bob from 2001:db8::7"),
        syslog("carl kept out (too many)"),
        syslog("carl kept out (bad moon)"),
        syslog("started in 3 ms"),
        syslog("login maybe for ada from 192.0.2.7"),
    )
    told = [(row["user_name"], row["src_ip"], row["outcome"], row["reason"], row["service"]) for row in rows(batch)]
    assert told == [
        ("ada", "192.0.2.7", "success", None, "portal"),
        ("bob", "2001:db8::7", "failure", "bad_password", "portal"),
        ("carl", None, "refused", "locked", "portal"),
        ("carl", None, "refused", "other", "portal"),
    ]
    assert batch.verdicts.tolist() == [PARSED] * 4 + [IGNORED, UNPARSED]
    assert batch.rule_names[batch.explained[1]] == "ourportal:login:denied"


def test_own_log_files_have_a_time(tmp_path: Path) -> None:
    known = house(tmp_path, DOOR)
    batch = read(
        known, "[05.06.2026 09:12:33] INFO ada came in from 192.0.2.7", "[odd] INFO ada came in from 192.0.2.7"
    )
    assert batch.verdicts.tolist() == [PARSED, UNPARSED]
    (row,) = rows(batch)
    assert (row["user_name"], row["service"], row["is_mfa"]) == ("ada", "door", True)
    assert f"{row['time']:%Y-%m-%dT%H:%M:%S}" == "2026-06-05T09:12:33"


@pytest.mark.parametrize("stamp", ["2026-06-05T09:12:33Z", "2026-06-05 09:12:33", "Jun  5 09:12:33"])
def test_a_usual_stamp_needs_no_pattern(stamp: str, tmp_path: Path) -> None:
    lines = DOOR.split("\n\n")[1]
    batch = read(house(tmp_path, "[formats.door]", lines), f"{stamp} ada came in from 192.0.2.7")
    assert [f"{row['time']:%Y-%m-%dT%H:%M:%S}" for row in rows(batch)] == ["2026-06-05T09:12:33"]


def test_objects_mean_what_their_fields_say(tmp_path: Path) -> None:
    batch = read(
        house(tmp_path, SHOP),
        '{"at": "2026-06-05T09:12:33Z", "event": "signin", "user": {"name": "ada"}, "ip": "192.0.2.7", "ok": true}',
        '{"at": 1780650753, "event": "signin", "login": "bob", "ip": "[2001:db8::7]:443", "ok": false, "why": "pw"}',
        '{"at": 1780650753, "event": "signin", "login": "bob", "ip": "evil.example", "ok": false, "why": "odd"}',
        '{"at": 1780650753, "event": "cart.add", "login": "bob", "ip": "192.0.2.7"}',
        '{"at": 1780650753, "event": "signin", "login": "bob", "ip": "192.0.2.7", "ok": "perhaps"}',
        '{"event": "signin", "login": "bob", "ip": "192.0.2.7", "ok": true}',
        '{"at": 1780650753, "event": "signin", "ok": true, "of": "another product"}',
    )
    told = [(row["user_name"], row["src_ip"], row["outcome"], row["reason"]) for row in rows(batch)]
    assert told == [
        ("ada", "192.0.2.7", "success", None),
        ("bob", "2001:db8::7", "failure", "bad_password"),
        ("bob", None, "failure", "other"),
    ]
    assert batch.verdicts.tolist() == [PARSED] * 3 + [IGNORED] + [UNPARSED] * 3


WRAPPED = r"""
[formats.kv]
kind = "logfmt"
programs = ["kvd"]
fields = { user_name = "who", src_ip = "from", event = "event" }
[[formats.kv.rules]]
where = { event = '^(?:try|retry) by (?P<client>.*)$' }
outcome = "challenged"
reason = "mfa"
"""


@pytest.mark.parametrize(
    "line",
    [
        'Jun  5 09:12:33 gate kvd[7]: event="try by x" who="a b" from=192.0.2.7',
        '{"MESSAGE": "event=\\"try by x\\" who=\\"a b\\" from=192.0.2.7", "SYSLOG_IDENTIFIER": "kvd", '
        '"__REALTIME_TIMESTAMP": "1780650753000000"}',
    ],
)
def test_objects_lie_in_syslog_and_in_what_shippers_write(line: str, tmp_path: Path) -> None:
    all_formats = formats(house(tmp_path, WRAPPED))
    clock = Clock(ZoneInfo("UTC"), 2026)
    batch = parse_lines(pl.Series([line]), all_formats, envelopes(all_formats), clock, wrappings=wrappings())
    told = [(row["user_name"], row["src_ip"], row["outcome"], row["client"]) for row in batch.rows.to_dicts()]
    assert told == [("a b", "192.0.2.7", "challenged", "x")]


def test_they_are_asked_before_the_built_in_ones(tmp_path: Path) -> None:
    mine = r"""
    [formats.gate]
    programs = ["sshd"]
    [[formats.gate.rules]]
    name = "ours"
    pattern = '^Failed password for (?P<user_name>.*) from (?P<src_ip>[0-9.]+) port [0-9]+ ssh2$'
    outcome = "refused"
    [[formats.gate.rules]]
    name = "probe"
    pattern = '^Accepted password for monitor from .*$'
    ignore = true
    """
    known = formats(house(tmp_path, mine))
    lines = [
        "Jun  5 09:12:33 gate sshd[7]: Failed password for ada from 192.0.2.7 port 50122 ssh2",
        "Jun  5 09:12:33 gate sshd[7]: Accepted password for monitor from 192.0.2.7 port 50122 ssh2",
        "Jun  5 09:12:33 gate sshd[7]: Accepted password for ada from 192.0.2.7 port 50122 ssh2",
    ]
    batch = parse_lines(pl.Series(lines), known, envelopes(known), Clock(ZoneInfo("UTC"), 2026))
    told = [(row["line"], row["format"], row["outcome"]) for row in batch.rows.iter_rows(named=True)]
    assert told == [(0, "gate", "refused"), (2, "sshd", "success")]


NAMES = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=40)
HOSTILE = [
    "x from 203.0.113.9",
    "x kept out (too many)",
    "] INFO x came in from 203.0.113.9",
    '","ip":"203.0.113.9',
    "\x1b[2J",
]


@settings(max_examples=60)
@given(name=NAMES | st.sampled_from(HOSTILE))
@example(name="x from 203.0.113.9")
@example(name="login ok for x from 203.0.113.9")
@example(name='","ip":"203.0.113.9","x":"')
def test_a_name_moves_nothing(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    import json

    known = house(tmp_path_factory.getbasetemp(), PORTAL, DOOR, SHOP)
    batch = read(
        known,
        syslog(f"login denied for {name} from 192.0.2.7"),
        f"[05.06.2026 09:12:33] INFO {name} came in from 192.0.2.7",
        json.dumps({"at": 1780650753, "event": "signin", "login": name, "ip": "192.0.2.7", "ok": True}),
    )
    for row in batch.rows.iter_rows(named=True):
        assert row["src_ip"] == "192.0.2.7"
        assert row["outcome"] == ("failure" if row["line"] == 0 else "success")
        assert row["user_name"] in {name or None, name.removesuffix(" ") or None}


TEXT = "[formats.x]\nprograms = ['xd']\n[[formats.x.rules]]\n"
OBJECTS = (
    "[formats.x]\nkind = 'json'\nfields = { time = 'at', user_name = 'who', event = 'event' }\n[[formats.x.rules]]\n"
)
GOOD = "pattern = '^in (?P<user_name>.*)$'\n"
FAIL = "\noutcome = 'failure'"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[formats.x]\n", "'formats.x.rules' is missing; one table [[formats.NAME.rules]]"),
        ("[formats.x]\nrules = []", "[formats.x] has no rules; add [[formats.NAME.rules]]"),
        (TEXT.replace("[x", "['X y'").replace(".x", ".'X y'") + GOOD + FAIL, "small letters"),
        (TEXT + FAIL, "rule 1: pattern is missing; write it as '^login"),
        (TEXT + GOOD, "rule 1: does not say what the line means; write outcome ="),
        (TEXT + GOOD + "outcome = 'failed'", "outcome: 'failed' is none of ours; did you mean failure?"),
        (TEXT + GOOD + "outcome = 'nay'", "outcome: 'nay' is none of ours; there are success, failure"),
        (TEXT + GOOD + "outcome = 'failure'\nreason = 'bad_pasword'", "did you mean bad_password?"),
        (TEXT + GOOD + "outcome = 'success'\nreason = 'other'", "take it out here"),
        (TEXT + GOOD + "outcome = 'failure'\nignore = true", "says outcome and ignore; keep one"),
        (TEXT + "pattern = '^in (?P<usr_name>.*)$'" + FAIL, "'usr_name' is none of ours; did you mean user_name?"),
        (TEXT + "pattern = 'in (?P<user_name>.*)'" + FAIL, "begin it with ^ and end it with $"),
        (TEXT + "pattern = '^in (?P<user_name>.*)\\$'" + FAIL, "begin it with ^ and end it with $"),
        (TEXT + "pattern = '^(?=x)(?P<user_name>.*)$'" + FAIL, "is no RE2 pattern: look-around"),
        (TEXT + "pattern = '^(?P<user_name>.*$'" + FAIL, "is no RE2 pattern: unclosed group"),
        (TEXT + "pattern = '^a (?P<user_name>.*)|b$'" + FAIL, "a | outside of brackets"),
        (TEXT + "pattern = '^in (?P<user_name>.*?)$'" + FAIL, "write (?P<user_name>.*)"),
        (TEXT + "pattern = '^(?P<user_name>.*) (?P<src_ip>.*)$'" + FAIL, "takes what is no address"),
        (TEXT + "pattern = '^in( (?P<user_name>.*))?$'" + FAIL, "captures nothing that every such line has"),
        (TEXT + "pattern = '^in (?P<src_ip>[0-9.]+)$'" + FAIL, "no rule tells the user_name"),
        (TEXT + "pattern = '^(?P<time>.*) (?P<user_name>.*)$'" + FAIL, "write it into starts"),
        (TEXT + "pattern = '^(?P<outcome>.*) (?P<user_name>.*)$'" + FAIL, "say what its words mean"),
        (TEXT + GOOD + "outcomes = { ok = 'success' }", "the pattern has no (?P<outcome>…)"),
        (TEXT + "pattern = '^(?P<outcome>ok) (?P<user_name>.*)$'\noutcomes = { OK = 'success' }", "never is 'OK'"),
        (
            TEXT + GOOD + "name = 'a'\noutcome = 'failure'\n[[formats.x.rules]]\nname = 'a'\nignore = true",
            "two rules have the name 'a'",
        ),
        (TEXT + GOOD + "name = 'A b'" + FAIL, "small letters"),
        (TEXT + GOOD + "outcome = 'failure'\nconstants = { is_mfa = 'yes' }", "is_mfa must be true or false"),
        (TEXT + GOOD + "outcome = 'failure'\nconstants = { time = 'now' }", "constants: 'time' is none of ours"),
        (TEXT + GOOD + "where = { a = 'b' }" + FAIL, "where is for objects"),
        (TEXT.replace("programs = ['xd']", "starts = '[0-9]+ '") + GOOD, "begin it with ^"),
        (TEXT.replace("programs = ['xd']", "starts = '^[0-9]+ '") + GOOD, "starts does not tell the time"),
        (
            TEXT.replace("programs = ['xd']", "starts = '^(?P<time>.*) '\ntime_format = '%H:%M'") + GOOD,
            "time_format must have",
        ),
        (TEXT.replace("]\n[", "]\ntime_format = '%Y'\n[") + GOOD, "time_format has no time to read"),
        (TEXT.replace("programs", "kind = 'json'\nprograms") + GOOD, "fields is missing"),
        (OBJECTS.replace("time = 'at', ", "") + FAIL, "nothing tells the time; put time into fields"),
        (OBJECTS + "where = { evnt = 'x' }" + FAIL, "did you mean event?"),
        (OBJECTS + FAIL, "'event' is none of our columns, and no rule looks at it"),
        (OBJECTS + "where = { event = '(' }" + FAIL, "where.event is no RE2 pattern"),
        (OBJECTS + "where = { event = 'x' }\npattern = 'y'" + FAIL, "pattern is for lines of text"),
        (
            OBJECTS.replace("event = 'event'", "guess_site = 'pw'") + "where = { guess_site = 'x' }" + FAIL,
            "none of our columns",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_what_to_do(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        house(tmp_path, text)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(tmp_path) in str(refused.value)


def test_a_name_that_is_taken_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is a format of this name already; choose another name"):
        formats(house(tmp_path, PORTAL.replace("ourportal", "sshd")))


TOKENS = (
    *("^", "$", "(", ")", "(?:", "|", "[", "]", "?", "*", "{2}", "\\", "a", "ok", " ", "é", ".*", "[^_]+", "[0-9.]+"),
    *("(?P<user_name>", "(?P<src_ip>", "(?P<outcome>", "(?P<x>"),
)
PIECES = st.lists(st.sampled_from(TOKENS), max_size=12).map("".join)


@settings(max_examples=150)
@given(
    pattern=PIECES | PIECES.map(lambda text: f"^{text}(?P<user_name>.*)$"),
    starts=st.just("") | PIECES,
    outcome=st.sampled_from(["", *OUTCOMES]),
    reason=st.sampled_from(["", *REASONS]),
    words=st.dictionaries(st.sampled_from(["ok", "a", ""]), st.sampled_from(OUTCOMES), max_size=2),
)
@example(pattern="^(?P<outcome>ok|a) (?P<user_name>.*)$", starts="", outcome="", reason="", words={"ok": "success"})
@example(pattern="^(?P<user_name>.*)$", starts="^(?P<time>.*) ", outcome="failure", reason="", words={})
def test_any_rule_is_refused_in_one_line_or_reads_any_line(
    pattern: str, starts: str, outcome: str, reason: str, words: dict[str, str]
) -> None:
    from serjeant.config import settings_for

    rule = {"pattern": pattern, "outcome": outcome, "reason": reason, "outcomes": words}
    table = {"formats": {"x": {"programs": ["portald"], "starts": starts, "rules": [rule]}}}
    try:
        known = settings_for(Settings, table, "house.toml")
    except SerjeantError as refused:
        told = str(refused)
    else:
        told = ""
        _reads_any_line(known)
    assert "\n" not in told


def _reads_any_line(known: Settings) -> None:
    batch = read(known, syslog("ok a from 192.0.2.7"), "a", "", "ok ok aa  ", "2026-06-05 09:12:33 ok a")
    assert len(batch.verdicts) == 5
    assert set(batch.rows["outcome"]) <= set(OUTCOMES)
    assert set(batch.rows["reason"].drop_nulls()) <= set(REASONS)


def test_groups_are_found_whatever_stands_in_classes() -> None:
    pattern = spelt(r"^[(|](?<user_name>a\)b[]|)(]+)(?:x(?P<src_ip>[0-9]+))?(?P<client>c|d)$")
    re.compile(pattern)
    assert [(group.name, group.certain) for group in groups(pattern)] == [
        ("user_name", True),
        ("src_ip", False),
        ("client", True),
    ]


def test_investigate_and_try_read_them(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "serjeant.toml").write_text(PORTAL)
    log = tmp_path / "portal.log"
    log.write_text(syslog("login denied for ada from 192.0.2.7") + "\n" + syslog("login maybe for ada") + "\n")
    tried = cli("formats", "try", log)
    assert tried.returncode == 0, tried.stderr
    assert "ourportal:login:denied  failure (bad_password)  ada from 192.0.2.7, " in tried.stdout
    assert tried.stdout.endswith("2 lines: 1 read (50 %), 0 ignored (0 %), 1 unknown (50 %)\n")
    assert "2  UNKNOWN  no rule fits  (begins like ourportal:login:" in tried.stdout
    explained = cli("explain", f"{log}:1")
    assert "fits: ourportal:login:denied" in explained.stdout, explained.stderr
    ran = cli("investigate", log, "--json")
    assert '"ourportal": 1' in ran.stdout, ran.stderr


def test_the_docs_examples_read_the_lines_that_they_show(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "formats.md").read_text("utf-8")
    section = page[page.index("## A format of your own") : page.index("## Who tells of an attempt")]
    known = house(tmp_path, *re.findall(r"```toml\n(.*?)```", section, re.DOTALL))
    shown = re.findall(r"^(Jun  5 .*)$", section, re.MULTILINE) + re.findall(
        r"^reads `([\[{].*?)`\.", section, re.MULTILINE
    )
    batch = read(known, *shown)
    assert [row["user_name"] for row in rows(batch)] == ["ada", "bob", "ada", "ada"]
    assert UNPARSED not in batch.verdicts
