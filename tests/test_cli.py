"""The command as people and scripts use it."""

import json
from pathlib import Path

import pytest

from conftest import Cli
from serjeant.proving.simulate import simulate
from serjeant.report.writers import document

SMALL = 400


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small parliament under attack."""
    place = tmp_path_factory.mktemp("attacked")
    simulate("parliament", place / "world", seed=3, accounts=SMALL, days=20)
    return place


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small quiet world."""
    place = tmp_path_factory.mktemp("calm")
    simulate("quiet", place / "world", seed=3, accounts=SMALL, days=6)
    return place


def test_an_attack_in_which_accounts_fell_is_exit_status_4(attacked: Path, cli: Cli) -> None:
    world = attacked / "world"
    ran = cli("investigate", world / "logs", "--accounts", world / "accounts.csv", "--out", attacked / "out", "--json")
    assert ran.returncode == 4, ran.stderr
    answer = json.loads(ran.stdout)
    document.validate(answer)
    truth = json.loads((world / "truth.json").read_text())
    said = {each["account"] for each in answer["accounts"] if each["assessment"] == "compromised"}
    fell = {each["account"] for each in truth["fallen"]}
    assert said <= fell
    assert len(said) >= 0.9 * len(fell)
    assert answer == json.loads((attacked / "out" / "incident.json").read_text())
    assert (attacked / "out" / "report.html").stat().st_size > 10_000


def test_a_quiet_world_is_exit_status_0(calm: Path, cli: Cli) -> None:
    ran = cli("investigate", calm / "world" / "logs", "--out", calm / "out")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""  # no bar in a pipe
    assert "\x1b" not in ran.stdout


def test_a_claim_can_be_followed_down_to_its_lines(attacked: Path, cli: Cli) -> None:
    world, out = attacked / "world", attacked / "out"
    cli("investigate", world / "logs", "--accounts", world / "accounts.csv", "--out", out)
    answer = json.loads((out / "incident.json").read_text())
    fallen = answer["accounts"][0]
    account = cli("explain", fallen["account"], "--out", out)
    assert account.returncode == 0, account.stderr
    assert "compromised, confirmed" in account.stdout
    place = fallen["why"][0]["log"]
    assert place in account.stdout
    line = cli("explain", place, "--out", out)
    assert line.returncode == 0, line.stderr
    assert "success" in line.stdout
    assert fallen["sources"][0] in cli("explain", place, "--out", out).stdout or len(fallen["sources"]) > 1
    source = cli("explain", fallen["sources"][0], "--out", out)
    assert fallen["account"] in source.stdout
    assert "is a source of" in source.stdout
    campaign = cli("explain", fallen["campaign"], "--out", out)
    assert fallen["account"] in campaign.stdout
    rows = cli("explain", fallen["account"], "--out", out, "--json").stdout.splitlines()
    assert {json.loads(row)["user"] for row in rows} == {fallen["account"]}


def test_since_and_until_judge_only_what_lies_between(attacked: Path, cli: Cli) -> None:
    world, out = attacked / "world", attacked / "out"
    ran = cli(
        "investigate", world / "logs", "--out", out, "--json", "--since", "2017-06-06", "--until", "2017-06-08T12:00"
    )
    window = json.loads(ran.stdout)["window"]
    assert "2017-06-06" <= window["first"] < window["last"] < "2017-06-08T12:00"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["investigate", "/nowhere/at/all"], "does not exist"),
        (["explain", "nobody.atall", "--out", "/nowhere"], "no investigation"),
        (["investigate", ".", "--format", "carrierpigeon"], "no format"),
        (["investigate", ".", "--timezone", "Mars/Olympus"], "Mars/Olympus"),
        (["investigate", ".", "--since", "yesterday"], "is no time"),
        (["simulate", "war", "--out", "x"], "war"),
    ],
)
def test_a_wrong_command_is_one_line_and_exit_status_2(words: list[str], says: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("nothing\n")
    ran = cli(*words, cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


def test_formats_try_says_what_each_line_is(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.write_text(
        "Jun  5 09:12:33 gate sshd[7]: Failed password for ada from 192.0.2.7 port 50122 ssh2\n"
        "Jun  5 09:12:34 gate CRON[8]: pam_unix(cron:session): session opened for user root\n"
        "nobody knows \x1b[2J this\n"
    )
    ran = cli("formats", "try", log)
    assert ran.returncode == 0, ran.stderr
    told = [line for line in ran.stdout.splitlines() if line.startswith("     ")]
    assert told[0].split(maxsplit=3)[:3] == ["1", "read", "sshd:failed_password"]
    assert "failure (bad_password)  ada from 192.0.2.7, " in told[0]
    assert told[2].split(maxsplit=2) == ["2", "ignored", "CRON signs nobody in"]
    assert told[4].split(maxsplit=2) == ["3", "UNKNOWN", "no rule fits"]
    assert told[5].strip() == "nobody knows \\x1b[2J this"
    assert ran.stdout.splitlines()[-1] == "3 lines: 1 read (33.3 %), 1 ignored (33.3 %), 1 unknown (33.3 %)"
    assert "\x1b" not in ran.stdout

    unknown = cli("formats", "try", log, "--unknown").stdout
    assert "nobody knows" in unknown
    assert "Failed password" not in unknown


def test_logs_without_any_sign_in_are_not_called_quiet(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("the cat sat on the mat\n" * 3)
    ran = cli("investigate", tmp_path / "a.log", "--out", tmp_path / "out")
    assert ran.returncode == 2
    assert "no sign-in among 3 lines" in ran.stderr


def test_prove_prints_the_marks_and_fails_when_a_bound_is_not_met(cli: Cli) -> None:
    ran = cli("prove", "--world", "quiet", "--seeds", "1", "--accounts", "300", timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "sign-ins read" in ran.stdout
    assert "every bound is met" in ran.stdout


def test_a_password_in_a_log_is_never_shown(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text(
        "Jun  5 09:12:33 mx dovecot: auth: sql(ada,192.0.2.7,<Abc>): Password mismatch (given password: hunter2)\n"
        "Jun  5 09:12:34 mx dovecot: auth: odd (given password: a) hunter2 (given password: hunter2)\n"
    )
    for ran in (cli("formats", "try", log), cli("explain", f"{log}:1"), cli("explain", f"{log}:2")):
        assert ran.returncode == 0, ran.stderr
        assert "given password" in ran.stdout
        assert "hunter2" not in ran.stdout
