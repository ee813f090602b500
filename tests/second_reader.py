"""A second reader of real logs, that shares nothing with ours: other libraries, and Microsoft's and Okta's own words.

``python tests/second_reader.py ../shared/data/logs`` counts both by event and outcome.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect.batch import UNPARSED, Batch
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.lines import blocks
from serjeant.collect.parse import parse_lines, parse_table, table_format
from serjeant.collect.source import Input
from serjeant.collect.sources.files import open_input
from serjeant.collect.time import Clock

_NO_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]")  # libevtx leaves these as they are
_NAMESPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"
# [MS-ERREF] 2.3.1: the name exists or not, the password is looked at, and then what else is wrong with the account.
_STATUS = {
    0xC0000064: "failure",  # STATUS_NO_SUCH_USER
    0xC000006A: "failure",  # STATUS_WRONG_PASSWORD
    0xC000006D: "failure",  # STATUS_LOGON_FAILURE
    0xC0000234: "refused",  # STATUS_ACCOUNT_LOCKED_OUT
    0xC0000072: "challenged",  # STATUS_ACCOUNT_DISABLED
    0xC0000071: "challenged",  # STATUS_PASSWORD_EXPIRED
    0xC0000193: "challenged",  # STATUS_ACCOUNT_EXPIRED
    0xC0000224: "challenged",  # STATUS_PASSWORD_MUST_CHANGE
    0xC000006F: "challenged",  # STATUS_INVALID_LOGON_HOURS
    0xC0000070: "challenged",  # STATUS_INVALID_WORKSTATION
}
# RFC 4120 7.5.9.
_KERBEROS = {0x6: "failure", 0x12: "refused", 0x17: "refused", 0x18: "failure", 0x25: "challenged"}
_SYSTEM = {"S-1-5-7", "S-1-5-18", "S-1-5-19", "S-1-5-20"}

Told = tuple[str, str]
"""An event, and the outcome of the sign-in that it is; empty where it is none."""


@dataclass(frozen=True)
class Event:
    """One event of a Windows log.

    :param data: its named values
    """

    number: int
    id: int
    provider: str
    channel: str
    time: str
    data: dict[str, str]


def events(log: Path) -> Iterator[Event]:
    """The events of an EVTX file, as libevtx (J. Metz) reads them."""
    import pyevtx

    file = pyevtx.file()
    file.open(str(log))
    for record in file.records:
        root = ElementTree.fromstring(_NO_XML.sub("", record.get_xml_string()))
        system = {each.tag.removeprefix(_NAMESPACE): each for each in root.find(f"{_NAMESPACE}System") or ()}
        values = root.find(f"{_NAMESPACE}EventData")
        data = {each.get("Name", ""): (each.text or "").strip() for each in (() if values is None else values)}
        yield Event(
            int(system["EventRecordID"].text or 0),
            int(system["EventID"].text or 0),
            system["Provider"].get("Name", ""),
            system["Channel"].text or "",
            system["TimeCreated"].get("SystemTime", ""),
            data,
        )


def outcome(event: Event) -> str:
    """What became of the sign-in that an event tells of."""
    if event.provider == "OpenSSH":
        words = event.data["payload"].split()
        said = {("Failed", "password"): "failure", ("Accepted", "password"): "success"}.get((words[0], words[1]), "")
        return said or ("failure" if words[:2] == ["Connection", "closed"] and "authenticating" in words else "")
    if event.channel != "Security" or event.id not in {4624, 4625, 4768, 4771, 4776}:
        return ""
    data = event.data
    name, sid = data.get("TargetUserName", ""), data.get("TargetUserSid", "")
    if name.endswith("$") or name.upper() in {"SYSTEM", "ANONYMOUS LOGON"} or sid in _SYSTEM:
        return ""
    if sid.startswith(("S-1-5-90-", "S-1-5-96-")) or name.lower().startswith("sshd_"):
        return ""  # the window manager, a font driver, sshd's own account
    if event.id == 4624:
        started = data["LogonType"] in {"0", "4", "5", "9"} or data["LogonProcessName"] in {"sshd", "Authz"}
        return "" if started else "success"
    status = int(data["Status"], 16)
    if event.id == 4625:
        return _STATUS.get(int(data["SubStatus"], 16) or status, "failure")
    if event.id == 4776:
        return _STATUS.get(status, "failure") if status else "success"
    if event.id == 4768 and not status:
        return "" if data["PreAuthType"] == "0" else "success"
    return _KERBEROS.get(status, "refused")


def windows(log: Path) -> list[Told]:
    """All events of an EVTX file."""
    return [(str(event.id), outcome(event)) for event in events(log)]


def okta(log: Path) -> list[Told]:
    """Okta's events, as its catalogue explains them."""
    told = []
    for each in json.loads(log.read_text("utf-8")):
        event, result, factor = (
            each[key] for key in ("eventType_s", "outcome_result_s", "debugContext_debugData_factor_s")
        )
        says = ""
        if event in {"user.session.start", "user.authentication.sso"}:
            says = "success" if result == "SUCCESS" else "failure"
        elif event == "user.authentication.auth_via_mfa" and factor == "PASSWORD_AS_FACTOR":
            says = "" if result == "SUCCESS" else "failure"  # where it is right, the session's start says so
        elif event == "user.authentication.auth_via_mfa":
            says = "success" if result == "SUCCESS" else "challenged"
        told.append((event, says))
    return told


def pulse(log: Path) -> list[Told]:
    """Pulse Connect Secure's messages, by their first two words."""
    told = []
    for each in json.loads(log.read_text("utf-8")):
        words = each["Messages"].split()
        kind = " ".join(words[:3])
        says = ""
        if "ogin succeeded for" in kind + " " + " ".join(words[3:4]):
            says = "success"
        elif kind == "Primary authentication failed" or kind.startswith("Login failed"):
            says = "failure"
        elif kind == "Secondary authentication failed":
            says = "challenged"
        told.append((" ".join(words[:2]) if says else "other", says))
    return told


def owa(log: Path) -> list[Told]:
    """IIS: who is named and was answered has signed in."""
    told = []
    for line in log.read_text("utf-8").splitlines():
        words = line.split(" ")
        if line.startswith("#"):
            told.append((words[0], ""))
        else:
            told.append((words[4], "success" if words[7] != "-" and words[10] == "200" else ""))
    return told


def ours(log: Path) -> tuple[pl.Series, Batch]:
    """The lines of a log, and what Serjeant made of each."""
    with open_input(Input(str(log), log, None, log.stat().st_size)) as stream:
        head = stream.head.decode("utf-8", "replace")
        lines = pl.concat([block.lines for block in blocks(stream)])
    formats, clock = line_formats(), Clock(ZoneInfo("UTC"), 2011)
    table = table_format(formats, log.name, lines.head(400))
    if table is not None:
        return lines, parse_table(lines, table, head, clock)
    return lines, parse_lines(lines, formats, envelopes(formats), clock, wrappings=wrappings())


def outcomes(batch: Batch) -> list[str]:
    """What each line says."""
    says = [""] * len(batch.verdicts)
    for line, outcome in batch.rows.select("line", "outcome").iter_rows():
        says[line] = outcome
    return says


SECOND: dict[str, Any] = {
    "evtx/*.evtx": windows,
    "cloud/okta*.json": okta,
    "cloud/pulse*.json": pulse,
    "iis7_owa.log": owa,
}


def main(folder: Path) -> None:
    print(f"{'file':36} {'event':42} {'outcome':12} {'n':>5} {'second':>6}")
    for pattern, reader in SECOND.items():
        for log in sorted(folder.glob(pattern)):
            told = reader(log)
            _, batch = ours(log)
            theirs = Counter(told)
            mine = Counter(zip((event for event, _ in told), outcomes(batch), strict=True))
            for event, says in sorted({*mine, *theirs}):
                counts = mine[event, says], theirs[event, says]
                print(f"{log.name:36} {event:42} {says or '-':12} {counts[0]:5} {counts[1]:6}")
            unread = int((batch.verdicts == UNPARSED).sum())
            print(f"{log.name:36} {'all':42} {f'unread {unread}':12} {len(batch.verdicts):5} {len(told):6}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
