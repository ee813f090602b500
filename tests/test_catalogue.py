"""``serjeant formats``: the list says what is true of each format, to people and to machines."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from conftest import Cli
from samples import samples
from serjeant.cli import catalogue
from serjeant.collect.format import Format, Rule
from serjeant.collect.gives import NO, PARTLY, YES, gives
from serjeant.collect.known import line_formats
from serjeant.collect.record import Case, Record

FORMATS = line_formats()
TICKS = {YES: "●", PARTLY: "◐", NO: "·"}
UNSEEN = {("ntfy", "account")}
"""Said, and in no sample: ntfy names who is slowed down only where that is somebody who had signed in before."""


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_what_a_format_is_said_to_give_its_samples_show(form: Format) -> None:
    """No column is promised that no sample has, and none is denied that one has."""
    told = [sample.columns for sample in samples(form.name) if sample.verdict == "parsed"]
    given = gives(form)
    for word, columns in (("account", {"user_name"}), ("source", {"src_ip", "forwarded"}), ("mfa", {"is_mfa"})):
        shown = any(row.get(column) for row in told for column in columns)
        shown |= word == "mfa" and any(row["reason"] == "mfa" for row in told)
        assert shown <= (given.words()[word] != NO), word
        assert word == "mfa" or (given.words()[word] != NO) <= shown or (form.name, word) in UNSEEN, word
    reasons = {row["reason"] for row in told} - {None, "other"}
    assert (given.reason == YES) >= (len(reasons) > 1)
    assert given.reason != NO or not reasons


def test_partly_is_said_where_a_rule_does_not_tell() -> None:
    named = Rule("in", "^in (?P<user_name>.*) (?P<src_ip>[0-9.]+)$", "success")
    nameless = Rule("out", "^out (?P<src_ip>[0-9.]+)$", "failure", "bad_password")
    assert gives(Format("x", "X", rules=(named,))).words() == {
        "account": YES,
        "source": YES,
        "outcome": PARTLY,
        "reason": NO,
        "mfa": NO,
        "fingerprint": NO,
    }
    both = gives(Format("x", "X", rules=(named, nameless)))
    assert (both.account, both.source, both.outcome, both.reason) == (PARTLY, YES, YES, PARTLY)
    second = Case("code", {"why": "^(?P<guess_site>.*)$"}, "challenged", "mfa")
    record = gives(Format("x", "X", records=(Record({"user_name": "u", "why": "w"}, (second,)),)))
    assert (record.account, record.source, record.mfa, record.fingerprint) == (YES, NO, YES, YES)


def drawn(width: int, *, terminal: bool, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    console = Console(file=file, width=width, force_terminal=terminal, color_system=None, no_color=True)
    catalogue.show(catalogue.entries(FORMATS), console)
    file.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_table_fits_the_terminal_and_shows_each_format(width: int) -> None:
    lines = drawn(width, terminal=True).splitlines()
    assert max(map(len, lines)) <= width
    for each in catalogue.entries(FORMATS):
        (line,) = [line for line in lines if line.startswith(f"  {each.form.name} ")]
        assert re.findall("[●◐·]", line[40:])[:6] == [TICKS[word] for word in each.gives.words().values()], line


def test_a_pipe_gets_all_and_a_terminal_without_unicode_gets_ascii() -> None:
    whole = drawn(80, terminal=False)
    assert all(form.lacks in whole for form in FORMATS)
    assert drawn(80, terminal=True, encoding="ascii").isascii()


OWN = """
[formats.ourportal]
programs = ["portald"]
[[formats.ourportal.rules]]
name = "login"
pattern = '^login ok for (?P<user_name>.*)$'
outcome = "success"
"""


def test_the_command_lists_them_for_machines_and_shows_one(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "serjeant.toml").write_text(OWN)
    listed = json.loads(cli("formats", "--json").stdout)
    assert listed[0] == {
        "name": "ourportal",
        "title": "ourportal",
        "group": "own",
        "account": "yes",
        "source": "no",
        "outcome": "partly",
        "reason": "no",
        "mfa": "no",
        "fingerprint": "no",
        "lacks": "It tells what its rules in the settings read.",
    }
    rows = list(csv.DictReader(io.StringIO(cli("formats", "--csv").stdout)))
    assert [row["name"] for row in rows] == [row["name"] for row in listed]
    shown = cli("formats", "ourportal").stdout
    assert "programs  portald\n" in shown
    assert "login  success" in shown
    dovecot = cli("formats", "dovecot").stdout
    assert "It does not tell the client's port" in dovecot
    assert "auth-worker" in dovecot
    wrong = cli("formats", "dovcot")
    assert wrong.returncode == 2
    assert wrong.stderr == "serjeant: there is no format 'dovcot'; did you mean dovecot?\n"
