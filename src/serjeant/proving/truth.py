"""truth: what a right answer about a simulated world would be; ``truth.json`` beside its logs.

Schema ``serjeant.truth/1``, times in UTC as ISO 8601::

    { "schema": "serjeant.truth/1", "seed": 1, "kind": "parliament", "status": "attack" | "quiet",
      "first": T, "last": T, "accounts": n, "logins": n, "lines": n, "files": ["mx1/mail.log", ..],
      "campaigns": [ { "sources": [..], "operators": [..], "first_seen": T, "last_seen": T, "attempts": n,
          "phases": [ {"name": "quiet", "first": T, "last": T, "attempts": n}, .. ],
          "services": [ {"name": "imap", "first": T, "last": T, "attempts": n}, .. ] } ],
      "fallen": [ {"account": "..", "time": T, "source": "..", "service": "imap"} ],
      "mailboxes": [..], "shared_sources": [..], "honest_sources": [..], "background_sources": [..],
      "outages": [ {"host": "mx1", "first": T, "last": T, "told_as": "backend" | "bad_password"} ],
      "expiry_day": "2017-06-06", "return_day": null }

Sources are IPv4 addresses and IPv6 /64 networks. ``campaigns[].sources`` holds every address of the attacker, operators
and shared ones too; ``shared_sources`` those of them that honest people have as well. ``logins`` counts attempts: a
line that stands for three is three. A council's phases are named by the product; it has no outage and no expiry day,
and ``sign-ins.csv`` beside it. An outage told as ``bad_password`` looks like wrong passwords in the log.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

SCHEMA = "serjeant.truth/1"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase of a campaign, or its time with one service; ``attempts`` are those within it."""

    name: str
    first: str
    last: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Crime:
    """One campaign as it really was."""

    sources: tuple[str, ...]
    operators: tuple[str, ...]
    first_seen: str
    last_seen: str
    attempts: int
    phases: tuple[Stretch, ...]
    services: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Fall:
    """The first time that somebody else signed in to an account."""

    account: str
    time: str
    source: str
    service: str


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which right passwords failed, and what the log says of them."""

    host: str
    first: str
    last: str
    told_as: str


@dataclass(frozen=True, slots=True)
class Truth:
    """The labels of one world; the module's text describes each field."""

    seed: int
    kind: str
    status: str
    first: str
    last: str
    accounts: int
    logins: int
    lines: int
    files: tuple[str, ...]
    campaigns: tuple[Crime, ...]
    fallen: tuple[Fall, ...]
    mailboxes: tuple[str, ...]
    shared_sources: tuple[str, ...]
    honest_sources: tuple[str, ...]
    background_sources: tuple[str, ...]
    outages: tuple[Outage, ...]
    expiry_day: str
    return_day: str | None
    schema: str = SCHEMA


def write(truth: Truth, path: Path) -> None:
    """Write the truth as JSON, sorted and indented, so that equal worlds are equal files."""
    path.write_text(json.dumps(asdict(truth), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read(path: Path) -> Truth:
    """Read a ``truth.json`` back.

    :raises ValueError: when it is of another schema
    """
    raw = json.loads(path.read_text(encoding="utf-8"))
    if raw.get("schema") != SCHEMA:
        raise ValueError(f"{path}: not {SCHEMA}")
    raw["campaigns"] = tuple(
        Crime(
            **{
                **crime,
                "sources": tuple(crime["sources"]),
                "operators": tuple(crime["operators"]),
                "phases": tuple(Stretch(**stretch) for stretch in crime["phases"]),
                "services": tuple(Stretch(**stretch) for stretch in crime["services"]),
            }
        )
        for crime in raw["campaigns"]
    )
    raw["fallen"] = tuple(Fall(**fall) for fall in raw["fallen"])
    raw["outages"] = tuple(Outage(**outage) for outage in raw["outages"])
    for name in ("files", "mailboxes", "shared_sources", "honest_sources", "background_sources"):
        raw[name] = tuple(raw[name])
    return Truth(**raw)
