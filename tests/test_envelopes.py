"""What stands around a message in every dialect: the same login comes out."""

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from serjeant.collect.bare import envelopes as bare
from serjeant.collect.batch import IGNORED, PARSED, UNPARSED, Batch
from serjeant.collect.known import envelopes, line_formats
from serjeant.collect.parse import parse_lines
from serjeant.collect.time import Clock

FAILED = "Failed password for alice from 192.0.2.7 port 50112 ssh2"
NINE = datetime.fromisoformat("2026-06-05T09:12:33Z")


def read(*lines: str, zone: str = "UTC", program: str = "") -> Batch:
    around = bare(program) if program else envelopes()
    return parse_lines(pl.Series(lines, dtype=pl.String), line_formats(), around, Clock(ZoneInfo(zone), 2026))


DIALECTS = {
    "RFC 3164": f"Jun  5 09:12:33 gate sshd[4711]: {FAILED}",
    "RFC 3164 without a pid": f"Jun  5 09:12:33 gate sshd: {FAILED}",
    "with a priority": f"<34>Jun  5 09:12:33 gate sshd[4711]: {FAILED}",
    "one space before the day": f"Jun 5 09:12:33 gate sshd[4711]: {FAILED}",
    "journalctl -o short-precise": f"Jun 05 09:12:33.000000 gate sshd[4711]: {FAILED}",
    "journalctl -o short-iso": f"2026-06-05T09:12:33+0000 gate sshd[4711]: {FAILED}",
    "journalctl -o short-iso-precise": f"2026-06-05T11:12:33.000000+02:00 gate sshd[4711]: {FAILED}",
    "journalctl -o short-full": f"Fri 2026-06-05 09:12:33 UTC gate sshd[4711]: {FAILED}",
    "journalctl -o short-full in summer": f"Fri 2026-06-05 11:12:33 CEST gate sshd[4711]: {FAILED}",
    "rsyslog FileFormat": f"2026-06-05T09:12:33.000000+00:00 gate sshd[4711]: {FAILED}",
    "an ISO stamp without a zone": f"2026-06-05 09:12:33 gate sshd[4711]: {FAILED}",
    "RFC 5424": f"<38>1 2026-06-05T09:12:33.000Z gate sshd 4711 - - {FAILED}",
    "RFC 5424 with data": f'<38>1 2026-06-05T09:12:33Z gate sshd 4711 ID47 [a@1 b="]\\"]"][c@2 d="e"] {FAILED}',
    "RFC 5424 with a mark of order": f"<38>1 2026-06-05T09:12:33Z gate sshd 4711 - - \ufeff{FAILED}",
    "Cisco": f"Jun  5 2026 09:12:33 gate sshd[4711]: {FAILED}",
    "the year first": f"2026 Jun  5 09:12:33 gate sshd[4711]: {FAILED}",
    "FreeBSD -v": f"Jun  5 09:12:33 <auth.info> gate sshd[4711]: {FAILED}",
    "the facility behind the host": f"Jun  5 09:12:33 gate auth.info sshd[4711]: {FAILED}",
    "the host twice": f"Jun  5 09:12:33 gate gate sshd[4711]: {FAILED}",
    "an address for a host": f"Jun  5 09:12:33 2001:db8::1 sshd[4711]: {FAILED}",
    "no colon behind the pid": f"2026-06-05T09:12:33+00:00 gate sshd[4711] {FAILED}",
    "Solaris": f"Jun  5 09:12:33 gate sshd[4711]: [ID 800047 auth.info] {FAILED}",
    "macOS log show": f"2026-06-05 02:12:33.000000-0700  gate sshd[4711]: {FAILED}",
    "a blank at the end": f"Jun  5 09:12:33 gate sshd[4711]: {FAILED} ",
    "a repeated message": f"Jun  5 09:12:33 gate sshd[4711]: message repeated 3 times: [ {FAILED}]",
}


@pytest.mark.parametrize("name", DIALECTS)
def test_the_same_login_comes_out_of_every_dialect(name: str) -> None:
    batch = read(DIALECTS[name])
    assert batch.rows.select("time", "user_name", "src_ip", "outcome").rows() == [
        (NINE, "alice", "192.0.2.7", "failure")
    ]
    assert batch.rows["dst_host"][0] in {"gate", "2001:db8::1"}
    assert batch.rows["count"][0] == (3 if "repeated" in name else 1)


def test_a_tag_of_its_own_on_each_line_costs_no_more_and_is_not_kept() -> None:
    """A stranger who may send syslog chooses the tags; looked up one by one, these lines took minutes."""
    lines = [f"Jun  5 09:12:33 gate tag{number}[1]: {FAILED}" for number in range(50_000)]
    batch = read(*lines, f"Jun  5 09:12:33 gate sshd[4711]: {FAILED}")
    assert (batch.verdicts[:-1] == IGNORED).all()
    assert batch.verdicts[-1] == PARSED
    assert len(batch.rule_names) < 100


def test_a_host_is_not_needed() -> None:
    batch = read(f"Jun  5 09:12:33 sshd[4711]: {FAILED}", f"2026-06-05T09:12:33.5 auth.info: sshd[4711]:  {FAILED}")
    assert batch.rows["user_name"].to_list() == ["alice", "alice"]
    assert batch.rows["dst_host"].to_list() == [None, None]
    logread = read(f"Fri Jun  5 09:12:33 2026 authpriv.info sshd[4711]: {FAILED}").rows
    assert logread.select("time", "user_name", "dst_host").rows() == [(NINE, "alice", None)]
    error = read("Jun  5 09:12:33 sshd[4711]: error: PAM: Authentication failure for alice from 192.0.2.7")
    assert error.rows["src_ip"].to_list() == ["192.0.2.7"]


def test_dialects_may_take_turns_in_one_log_and_every_line_is_counted() -> None:
    lines = [*DIALECTS.values(), "no envelope", "", "Jun 31 09:12:33 gate sshd[1]: " + FAILED]
    batch = read(*lines)
    assert (batch.verdicts == PARSED).sum() == len(DIALECTS)
    assert batch.verdicts[-3:].tolist() == [UNPARSED, IGNORED, UNPARSED]


@pytest.mark.parametrize("most", ["RFC 3164", "rsyslog FileFormat"])
def test_odd_lines_among_many_are_read_as_they_are_alone(most: str) -> None:
    """Whether so few are in any other envelope is looked at once for all of them."""
    odd = [
        *DIALECTS.values(),
        "no envelope",
        "imap-login: Info: Login: user=<x>",
        "Jun 31 09:12:33 gate sshd[1]: " + FAILED,
    ]
    lines = [DIALECTS[most]] * 1_000
    for at, line in enumerate(odd):
        lines.insert(at * 30, line)
    alone, among = read(*odd), read(*lines)
    places = [at * 30 for at in range(len(odd))]
    assert among.verdicts[places].tolist() == alone.verdicts.tolist()
    told = among.rows.filter(pl.col("line").is_in(places))
    assert told.drop("line").equals(alone.rows.drop("line"))


def test_programs_that_sign_nobody_in_are_ignored_by_name() -> None:
    batch = read("Jun  5 09:12:33 gate kernel: [1.0] eth0: up", "Jun  5 09:12:33 gate CRON[1]: (root) CMD (true)")
    assert [batch.rule_names[i] for i in batch.explained] == ["other:kernel", "other:CRON"]
    assert batch.verdicts.tolist() == [IGNORED, IGNORED]


def test_administrators_name_services_as_they_like() -> None:
    sasl = "warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=alice"
    told = read(*(f"Jun  5 09:12:33 gate {name}[42]: {sasl}" for name in ("postfix/clerks/smtpd", "postfix-7/smtpd")))
    assert told.rows["user_name"].to_list() == ["alice", "alice"]
    others = [f"Jun  5 09:12:33 gate {name}: {sasl}" for name in ("postfix/smtpd/x", "xpostfix/smtpd", "postfixsmtpd")]
    assert read(*others).verdicts.tolist() == [IGNORED] * 3


def test_a_message_of_another_program_is_never_taken_for_the_daemons() -> None:
    batch = read(
        f"Jun  5 09:12:33 gate logger: sshd[4711]: {FAILED}",
        f"Jun  5 09:12:33 gate sudo: alice : TTY=pts/0 ; COMMAND=/bin/echo sshd[1]: {FAILED}",
        f"Jun  5 09:12:33 gate kernel: Jun  5 09:12:33 gate sshd[4711]: {FAILED}",
    )
    assert len(batch.rows) == 0
    assert batch.verdicts.tolist() == [IGNORED] * 3


def test_dovecots_own_files_have_no_host_and_a_level() -> None:
    says = "user=<alice>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, TLS, session=<Abc>"
    batch = read(
        f"Jun 05 09:12:33 imap-login: Info: Login: {says}",
        f"2026-06-05 09:12:33 imap-login: Info: Login: {says}",
        "Jun 05 09:12:33 auth(alice,192.0.2.7,sasl:plain)<Abc>: Info: sql: Password mismatch",
    )
    assert batch.rows["time"].to_list() == [NINE] * 3
    assert batch.rows["session_uid"].to_list() == ["Abc"] * 3


def test_a_log_that_names_no_program_is_read_where_the_user_names_it() -> None:
    line = f"2026-06-05 09:12:33.108781500 {FAILED}"
    assert read(line).verdicts.tolist() == [UNPARSED]
    assert read(line, program="sshd").rows["user_name"].to_list() == ["alice"]


def test_the_zone_of_the_log_is_used_where_its_stamps_name_none() -> None:
    batch = read(DIALECTS["RFC 3164"], DIALECTS["journalctl -o short-iso"], zone="Europe/London")
    assert batch.rows["time"].to_list() == [datetime.fromisoformat("2026-06-05T08:12:33Z"), NINE]


def test_last_message_repeated_counts_again() -> None:
    batch = read(f"Jun  5 09:12:33 gate sshd[4711]: {FAILED}", "Jun  5 09:12:40 gate last message repeated 2 times")
    assert batch.rows["count"].to_list() == [1, 2]
