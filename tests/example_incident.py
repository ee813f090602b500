"""Two incidents by hand: one like June 2017, with names as attackers write them, and a quiet one."""

import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from serjeant.model.account import Account
from serjeant.model.assessment import Assessment, Reason
from serjeant.model.campaign import Campaign, Coverage, Share, Stratum
from serjeant.model.finding import Evidence, Finding
from serjeant.model.incident import Hour, Incident, Read, Unread

HOSTILE = (
    "<script>alert(1)</script>",
    "\x1b[2Jnobody",
    "\u202egnp.txt",
    "=cmd|' /C calc'!A0",
    "a" * 100_000,
    "two\nlines\r\n",
    "'; drop table logins; --",
    '"><img src=//evil.example/x onerror=alert(1)>',
    "[bold red]markup[/] :bomb: {{ 7 * 7 }} $x^2$",
    "z\u0300\u0301\u0302\u0303\u0304algo\u200b\ufeff",
)
START = datetime(2017, 6, 5, 9, 12, tzinfo=UTC)
END = datetime(2017, 6, 24, 6, 0, tzinfo=UTC)
STORM = datetime(2017, 6, 23, 7, 0, tzinfo=UTC)
DEPARTMENTS = (
    ("Constituency offices", 0.36),
    ("Lower Chamber", 0.2),
    ("Upper Chamber", 0.14),
    ("Committees <i>& Research</i>", 0.09),
    ("Digital Service", 0.06),
    ("Library", 0.04),
    ("Estates", 0.04),
    ("Catering", 0.025),
    ("Security", 0.02),
    ("Press Office", 0.015),
    ("Translation \u202e& Record", 0.005),
    ("", 0.005),
)
_FIRST = ("ada", "bram", "chloe", "dilip", "edith", "farid", "greta", "hugo", "ines", "jonas", "kofi", "lena")
_LAST = ("ashdown", "brook", "carver", "dunmore", "elwes", "farrow", "greaves", "hollis", "ingram", "jessop")


def source(index: int) -> str:
    """Documentation addresses, as many as wanted."""
    networks = ("192.0.2", "198.51.100", "203.0.113")
    if index < 3 * 190:
        return f"{networks[index % 3]}.{1 + index // 3}"
    return f"2001:db8:{index // 65_536:x}:{index % 65_536:x}::/64"


def directory(size: int) -> tuple[Account, ...]:
    """Accounts in departments of unequal size."""
    accounts: list[Account] = []
    for name, share in DEPARTMENTS:
        for _ in range(max(1, round(size * share))):
            index = len(accounts)
            person = f"{_FIRST[index % 12]}.{_LAST[index // 12 % 10]}{index // 120 or ''}"
            accounts.append(Account(person, department=name))
    accounts.extend(Account(name, department="Lower Chamber") for name in HOSTILE)
    return tuple(accounts)


def attack(size: int = 900, sources: int = 120, campaigns: int = 5, fallen: int = 26) -> Incident:
    """An attack on nearly all accounts: quiet for 18 days, then a storm; 26 fell."""
    dice = random.Random(2017)
    everyone = directory(size)
    untried = {it.account for it in everyone if it.department == "Library"} - {everyone[0].account}
    tried = frozenset(it.account for it in everyone) - set(sorted(untried)[: size // 200 + 1])
    return Incident(
        generated_at=END + timedelta(hours=1),
        first=datetime(2017, 5, 22, 0, 3, tzinfo=UTC),
        last=END,
        read=_read(),
        status="attack",
        campaigns=tuple(_campaign(index, dice, everyone, tried, sources) for index in range(campaigns)),
        accounts=_accounts(dice, everyone, fallen),
        hours=_hours(dice, attacked=True),
        directory=everyone,
        directory_given=True,
        tried=tried,
        guards=_guards(),
    )


def quiet(size: int = 900) -> Incident:
    """Monday."""
    everyone = directory(size)
    return Incident(
        generated_at=END + timedelta(hours=1),
        first=datetime(2017, 5, 22, 0, 3, tzinfo=UTC),
        last=END,
        read=Read(4, 83_512, 61_204, 22_308, 0, 61_204, {"dovecot": 58_118, "sshd": 3_086}, {"cron": 22_308}),
        status="quiet",
        hours=_hours(random.Random(1), attacked=False),
        directory=everyone,
        directory_given=True,
        guards=_guards(),
    )


def _read() -> Read:
    return Read(
        files=14,
        lines=1_482_113,
        parsed=1_201_455,
        ignored=279_646,
        unparsed=1_012,
        logins=1_187_020,
        by_format={"dovecot": 902_118, "owa": 280_102, "sshd": 4_800},
        ignored_by={"cron": 201_112, "systemd": 70_400, "dovecot: Disconnected": 8_134},
        unread=(
            Unread("mail-2017-06-11.log.gz", "the file ends in the middle of its last block"),
            Unread("vpn-\x1b[31m.log", "no format knows these lines", 980, "vpn-\x1b[31m.log:17"),
            Unread("vpn-\x1b[31m.log", "not UTF-8", 20, "vpn-\x1b[31m.log:44"),
        ),
    )


def _campaign(
    index: int, dice: random.Random, everyone: tuple[Account, ...], tried: frozenset[str], sources: int
) -> Campaign:
    count = max(3, sources >> index)
    share = (1.0, 0.4, 0.05, 0.02, 0.01)[index % 5]
    accounts = tuple(sorted(tried)[: max(1, int(len(tried) * share))])
    begin = START + timedelta(days=3 * (index % 5), hours=index)
    hours = int((END - begin).total_seconds() // 3600)
    first_hour = begin.replace(minute=0)
    tempo = tuple(
        (hour, failures)
        for hour in (first_hour + timedelta(hours=h) for h in range(hours))
        if (failures := _pace(hour, dice) // (index + 1))
    )
    failures = sum(it for _, it in tempo)
    reached = set(accounts)
    sizes = Counter(it.department for it in everyone)
    hits = Counter(it.department for it in everyone if it.account in reached)
    strata = tuple(Stratum(name, sizes[name], hits[name]) for name, _ in DEPARTMENTS)
    return Campaign(
        uid=f"C{index + 1}",
        techniques=("T1110.003",) if index % 2 else ("T1110.001", "T1110.003"),
        classes=("slow distributed guessing", "password spray") if index % 2 == 0 else ("credential stuffing",),
        first_seen=begin,
        last_seen=END,
        detected_at=begin + timedelta(hours=7, minutes=18),
        attempts=failures + 40,
        failures=failures,
        sources=tuple(source(index * 37 + it) for it in range(count)),
        shared_sources=tuple(f"203.0.113.{200 + index * 3 + it}" for it in range(3 if index < 2 else 0)),
        accounts=accounts,
        unknown_tried=12 * index,
        coverage=Coverage(len(everyone), len(accounts), index == 0, strata, (Stratum("person", len(everyone), 1),)),
        evidence=(
            Evidence(
                "source_sprt",
                f"{count:,} sources failed on seven accounts or more and succeeded on none.",
                {"sources": count, "llr_least": 11.6, "llr_most": math.inf},
            ),
            Evidence("site_cusum", "First contacts that failed stayed above the usual for 31 hours.", {"hours": 31}),
            Evidence("coverage", f"{len(accounts):,} of {len(everyone):,} accounts were tried.", {"share": share}),
        ),
        tempo=tempo,
        networks=(Share("203.0.113.0/24", failures // 2), Share("2001:db8::/48", failures // 5)),
        tools=(Share("libcurl/7.52 \x1b]0;pwned\x07", failures // 2), Share("<i>Outlook</i>", failures // 9)),
        services=(Share("imap", failures * 3 // 4), Share("web", failures // 4)),
    )


def _accounts(dice: random.Random, everyone: tuple[Account, ...], fallen: int) -> tuple[Assessment, ...]:
    names = [*HOSTILE, *(it.account for it in dice.sample(everyone, max(0, fallen + 4)))][: fallen + 4]
    found = []
    for index, name in enumerate(names):
        compromised = index < fallen
        certainty = "confirmed" if index < fallen * 3 // 4 else "probable" if compromised else "possible"
        access = STORM + timedelta(minutes=37 * index) if compromised else None
        found.append(
            Assessment(
                account=name,
                assessment="compromised" if compromised else "suspected",
                certainty=certainty,
                campaign=f"C{index % 2 + 1}",
                first_access=access,
                sources=(source(index), source(index + 900)),
                reaches=(f"office-of-{_LAST[index % 10]}", "committee-inbox")[: index % 3],
                why=(
                    Reason(f"{plain_name(name)} signed in from {source(index)}, which had failed on 211 accounts."),
                    Reason("That pair had never signed in before.", f"mail-2017-06-23.log:{81_002 + index}"),
                    Reason("The same guess was tried on 412 accounts.", f"\x1b[2Jowa\n.log:{1_204 + index}"),
                ),
            )
        )
    return tuple(found)


def plain_name(name: str) -> str:
    """What a careless detector might put into a sentence."""
    return name[:40]


def _pace(hour: datetime, dice: random.Random) -> int:
    if hour >= STORM:
        return dice.randint(9_000, 21_000) if hour < STORM + timedelta(hours=12) else dice.randint(0, 40)
    return dice.randint(0, 55)


def _hours(dice: random.Random, *, attacked: bool) -> tuple[Hour, ...]:
    first = datetime(2017, 5, 22, tzinfo=UTC)
    hours = []
    for index in range(int((END - first).total_seconds() // 3600)):
        hour = first + timedelta(hours=index)
        busy = max(0.03, math.sin(math.pi * (hour.hour - 6) / 14)) if 6 <= hour.hour <= 20 else 0.03
        busy *= 0.25 if hour.weekday() > 4 else 1
        failures = int(140 * busy * dice.uniform(0.7, 1.3))
        if attacked and hour >= START:
            failures += _pace(hour, dice)
        expected = 140 * busy if index >= 24 * 7 else None
        hours.append(Hour(hour, int(4_800 * busy * dice.uniform(0.9, 1.1)), failures, expected))
    return tuple(hours)


def _guards() -> tuple[Finding, ...]:
    first = datetime(2017, 6, 12, 8, 30, tzinfo=UTC)
    return (
        Finding(
            "outage",
            "",
            first,
            first + timedelta(minutes=25),
            first,
            evidence=(Evidence("outage", "4,118 familiar sign-ins failed within 25 minutes: the directory was away."),),
        ),
        Finding(
            "stale_client",
            "",
            first,
            END,
            first,
            sources=("198.51.100.7",),
            accounts=("edith.brook<script>",),
            evidence=(Evidence("stale_client", "One device repeats an old password 9,204 times."),),
        ),
    )
