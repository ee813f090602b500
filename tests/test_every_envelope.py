"""The same ten messages in every envelope, each read as a file: the same sign-ins come out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from conftest import Cli
from serjeant.app import Serjeant
from serjeant.config import Settings


@dataclass(frozen=True)
class Said:
    """What a program said, so many seconds after nine."""

    second: int
    program: str
    pid: int
    message: str

    @property
    def time(self) -> str:
        return f"2026-06-05T09:00:{self.second:02}"

    @property
    def line(self) -> str:
        return f"Jun  5 09:00:{self.second:02} gate {self.program}[{self.pid}]: {self.message}"

    @property
    def micros(self) -> str:
        moment = datetime.fromisoformat(self.time).replace(tzinfo=UTC)
        return str(int(moment.timestamp()) * 1_000_000)


MAIL = "user=<{}>, method=PLAIN, rip=192.0.2.{}, lip=203.0.113.1, TLS, session=<{}>"
SAID = (
    Said(1, "sshd", 11, "Failed password for alice from 192.0.2.7 port 50112 ssh2"),
    Said(2, "sshd", 11, "Failed password for alice from 192.0.2.7 port 50112 ssh2"),
    Said(
        3, "sshd", 12, 'Failed password for invalid user my \\"quoted\\" <b>&amp; name from 2001:db8::7 port 50113 ssh2'
    ),
    Said(4, "sshd", 13, "Accepted password for bob from 192.0.2.8 port 50114 ssh2"),
    Said(5, "sshd-session", 14, "Accepted publickey for carol from 192.0.2.9 port 50115 ssh2: ED25519 SHA256:Ab3"),
    Said(6, "dovecot", 21, "imap-login: Login: " + MAIL.format("alice", 7, "Aa1")),
    Said(7, "dovecot", 21, "pop3-login: Login: " + MAIL.format("bob@example.org", 8, "Aa2")),
    Said(
        8,
        "dovecot",
        21,
        "imap-login: Disconnected (auth failed, 2 attempts in 4 secs): " + MAIL.format("eve", 9, "Aa3"),
    ),
    Said(
        9, "dovecot", 21, "imap-login: Aborted login (auth failed, 1 attempts in 2 secs): " + MAIL.format("é", 9, "Aa4")
    ),
    Said(10, "dovecot", 21, "managesieve-login: Login: " + MAIL.format("carol", 9, "Aa5")),
)
SSHD = tuple(said for said in SAID if said.program == "sshd")


def lines(write: Callable[[Said], str]) -> Callable[[tuple[Said, ...]], bytes]:
    return lambda all_said: "".join(write(said) + "\n" for said in all_said).encode()


def objects(write: Callable[[Said], object]) -> Callable[[tuple[Said, ...]], bytes]:
    return lines(lambda said: json.dumps(write(said), ensure_ascii=said.second % 2 == 0))


def new_syslog(said: Said, *, mark: str = "", data: str = "-") -> str:
    return f"<38>1 {said.time}.000Z gate {said.program} {said.pid} - {data} {mark}{said.message}"


def counted(all_said: tuple[Said, ...]) -> bytes:
    """RFC 6587: nothing but its length ends a message."""
    frames = [new_syslog(said).encode() for said in all_said]
    return b"".join(b"%d %s" % (len(frame), frame) for frame in frames)


def journal(said: Said) -> dict[str, object]:
    return {
        "__CURSOR": f"s=1;i={said.second}",
        "__REALTIME_TIMESTAMP": said.micros,
        "_HOSTNAME": "gate",
        "SYSLOG_IDENTIFIER": said.program,
        "_PID": str(said.pid),
        "PRIORITY": "6",
        "MESSAGE": said.message,
    }


def export(all_said: tuple[Said, ...]) -> bytes:
    return "".join("".join(f"{k}={v}\n" for k, v in journal(said).items()) + "\n" for said in all_said).encode()


def bytewise(said: Said) -> dict[str, object]:
    """journald gives a message that it takes for no text by its bytes."""
    return journal(said) | {"MESSAGE": list(said.message.encode())}


SDS = '[origin@1 a="1"][x@32473 says="\\"\\] sshd[1]: Accepted password for root from 198.51.100.1 port 1 ssh2"]'
ENVELOPES: dict[str, Callable[[tuple[Said, ...]], bytes]] = {
    "RFC 3164 with a priority": lines(lambda said: f"<38>{said.line}"),
    "RFC 3164 from Windows": lambda all_said: "".join(said.line + "\r\n" for said in all_said).encode(),
    "RFC 5424": lines(new_syslog),
    "RFC 5424 with data": lines(lambda said: new_syslog(said, data=SDS)),
    "RFC 5424 with a mark of order": lines(lambda said: new_syslog(said, mark="\ufeff")),
    "RFC 5424 with its length": counted,
    "RFC 5424 with its length, one a line": lines(lambda said: f"{len(new_syslog(said).encode())} {new_syslog(said)}"),
    "ISO stamps": lines(lambda said: f"{said.time}.000000+00:00 gate {said.program}[{said.pid}]: {said.message}"),
    "journalctl -o short-iso": lines(lambda said: f"{said.time}+0000 gate {said.program}[{said.pid}]: {said.message}"),
    "journalctl -o json": objects(journal),
    "journalctl -o json, by bytes": objects(bytewise),
    "journalctl -o json-pretty": lambda all_said: "".join(
        json.dumps(journal(said), indent=8) + "\n" for said in all_said
    ).encode(),
    "journalctl -o export": export,
    "Docker json-file": objects(lambda said: {"log": said.line + "\n", "stream": "stdout", "time": said.time + "Z"}),
    "CRI": lines(lambda said: f"{said.time}.123456789Z stdout F {said.line}"),
    "CRI from stderr, ISO inside": lines(
        lambda said: f"{said.time}.1Z stderr F {said.time}Z gate {said.program}[{said.pid}]: {said.message}"
    ),
    "Fluent Bit, tail": objects(lambda said: {"@timestamp": said.time + ".000Z", "log": said.line}),
    "Fluent Bit, syslog": objects(
        lambda said: {
            "date": int(said.micros) / 1e6,
            "pri": "38",
            "host": "gate",
            "ident": said.program,
            "pid": str(said.pid),
            "message": said.message,
        }
    ),
    "Fluent Bit in Kubernetes": objects(
        lambda said: {
            "@timestamp": said.time + ".000Z",
            "log": f"{said.time}.1Z stdout F {said.line}",
            "kubernetes": {"container_name": "gateway", "host": "node1"},
        }
    ),
    "Vector, syslog": objects(
        lambda said: {
            "appname": said.program,
            "facility": "authpriv",
            "host": "gate",
            "hostname": "gate",
            "message": said.message,
            "procid": said.pid,
            "severity": "info",
            "source_type": "syslog",
            "timestamp": said.time + "Z",
        }
    ),
    "Vector, file": objects(
        lambda said: {
            "file": "/var/log/auth.log",
            "host": "gate",
            "message": said.line,
            "source_type": "file",
            "timestamp": said.time + ".5Z",
        }
    ),
    "Filebeat": objects(
        lambda said: {
            "@timestamp": said.time + ".000Z",
            "@metadata": {"beat": "filebeat", "type": "_doc"},
            "log": {"offset": said.second, "file": {"path": "/var/log/auth.log"}},
            "message": said.line,
            "host": {"name": "gate"},
        }
    ),
    "Filebeat, journald": objects(
        lambda said: {
            "@timestamp": said.time + ".000Z",
            "message": said.message,
            "log": {"syslog": {"appname": said.program}},
            "process": {"pid": said.pid},
            "host": {"hostname": "gate"},
        }
    ),
    "Azure Monitor": objects(
        lambda said: {
            "TimeGenerated": said.time + ".9Z",
            "EventTime": said.time + "Z",
            "Facility": "authpriv",
            "HostName": "gate",
            "ProcessName": said.program,
            "ProcessID": said.pid,
            "SyslogMessage": said.message,
        }
    ),
}


def xml(said: Said) -> str:
    message = said.message.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='OpenSSH' "
        "Guid='{c4b57d35-0636-4bc3-a262-370f249f9802}'/><EventID>4</EventID><Version>0</Version><Level>4</Level>"
        f"<TimeCreated SystemTime='{said.time}.0000000Z'/><EventRecordID>{said.second}</EventRecordID><Execution "
        f"ProcessID='{said.pid}' ThreadID='1'/><Channel>OpenSSH/Operational</Channel><Computer>gate</Computer></System>"
        f"<EventData><Data Name='process'>sshd</Data><Data Name='payload'>{message}</Data></EventData></Event>"
    )


def event(said: Said) -> dict[str, object]:
    system = {
        "Provider": {"#attributes": {"Name": "OpenSSH"}},
        "EventID": 4,
        "TimeCreated": {"#attributes": {"SystemTime": said.time + ".000000Z"}},
        "Execution": {"#attributes": {"ProcessID": said.pid, "ThreadID": 1}},
        "Channel": "OpenSSH/Operational",
        "Computer": "gate",
    }
    return {"Event": {"System": system, "EventData": {"process": "sshd", "payload": said.message}}}


WINDOWS: dict[str, Callable[[tuple[Said, ...]], bytes]] = {
    "EVTX, as it is unfolded": objects(event),
    "event XML": lines(xml),
    "event XML, forwarded and saved": lambda all_said: (
        "<Events>" + "".join(xml(said).replace("><", ">\r\n<") for said in all_said) + "</Events>"
    ).encode("utf-16"),
    "winlogbeat": objects(
        lambda said: {
            "@timestamp": said.time + ".000Z",
            "message": f"{said.program}: {said.message}",
            "winlog": {
                "provider_name": "OpenSSH",
                "channel": "OpenSSH/Operational",
                "computer_name": "gate",
                "event_id": "4",
                "process": {"pid": said.pid},
                "event_data": {"process": "sshd", "payload": said.message},
            },
        }
    ),
}

TOLD = ("time", "user_name", "src_ip", "src_port", "dst_host", "service", "outcome", "reason", "count", "session_uid")


def logins(log: Path, out: Path) -> list[tuple[object, ...]]:
    serjeant = Serjeant(out, Settings(timezone="UTC"))
    read = serjeant.investigate([str(log)], now=datetime(2026, 7, 1, tzinfo=UTC), year=2026).read
    assert read.parsed > 0
    assert read.unparsed == 0
    return pl.read_parquet(out / "lake" / "logins" / "*.parquet").select(TOLD).sort(TOLD).rows()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """The sign-ins of all, and of sshd alone, as syslog tells them."""
    folder = tmp_path_factory.mktemp("plain")
    found = {}
    for name, all_said in (("all", SAID), ("sshd", SSHD)):
        (folder / name).write_bytes(lines(lambda said: said.line)(all_said))
        found[name] = logins(folder / name, folder / f"out-{name}")
    users = {row[1] for row in found["all"]}
    assert users == {"alice", 'my \\"quoted\\" <b>&amp; name', "bob", "carol", "bob@example.org", "eve", "é"}
    assert sum(int(str(row[8])) for row in found["all"]) == 11
    return found


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_same_sign_ins_come_out_of_every_envelope(
    name: str, plain: dict[str, list[tuple[object, ...]]], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.write_bytes(ENVELOPES[name](SAID))
    assert logins(log, tmp_path / "out") == plain["all"]


@pytest.mark.parametrize("name", WINDOWS)
def test_what_sshd_says_to_windows_is_what_it_says_to_syslog(
    name: str, plain: dict[str, list[tuple[object, ...]]], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.write_bytes(WINDOWS[name](SSHD))
    assert logins(log, tmp_path / "out") == plain["sshd"]


FALSE = "Jun  5 09:12:33 gate sshd[4711]: Accepted password for root from 198.51.100.1 port 50112 ssh2"


def test_a_message_of_a_named_program_is_not_read_as_a_line_of_another(cli: Cli, tmp_path: Path) -> None:
    liar = Said(20, "webapp", 7, FALSE)
    for name in ("journalctl -o json", "journalctl -o export", "Vector, syslog", "Azure Monitor", "Fluent Bit, syslog"):
        log = tmp_path / "log"
        log.write_bytes(ENVELOPES[name]((*SAID, liar)))
        done = cli("investigate", log, "--json", "--out", tmp_path / name.replace(" ", ""))
        told = json.loads(done.stdout)["read"]
        assert (told["lines"], told["logins"]) == (11, 11)
        assert told["ignored_by"] == {"other:webapp": 1}
