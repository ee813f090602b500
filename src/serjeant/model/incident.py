"""incident: what an investigation hands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from serjeant.model.account import Account
from serjeant.model.assessment import Assessment
from serjeant.model.campaign import Campaign
from serjeant.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read, told in one line.

    :param log: the file
    :param says: what and why
    :param lines: how many lines it concerns; 0 for the file itself
    :param example: ``file:line`` of the first such line; empty for the file itself
    """

    log: str
    says: str
    lines: int = 0
    example: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read; ``lines == parsed + ignored + unparsed`` always holds.

    :param by_format: logins by format
    :param ignored_by: ignored lines by the rule or the program that explains them
    :param unread: files and lines that could not be read
    :param told_apart: some of the logs tell one wrong password from another; of failures there are any
    """

    files: int = 0
    lines: int = 0
    parsed: int = 0
    ignored: int = 0
    unparsed: int = 0
    logins: int = 0
    by_format: Mapping[str, int] = field(default_factory=dict)
    ignored_by: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    told_apart: bool = True


@dataclass(frozen=True, slots=True)
class Hour:
    """The sign-ins of one hour over the whole site, beside what was to be expected.

    :param expected_failures: failures that the same hour of other days shows (median), None when not known
    """

    hour: datetime
    successes: int
    failures: int
    expected_failures: float | None


@dataclass(frozen=True, slots=True)
class Incident:
    """The answer to questions 1 to 4: verdict, coverage, campaigns, who fell.

    :param generated_at: when it was made
    :param first: time of the first login in the window; None when there is none
    :param status: ``quiet`` or ``attack``
    :param accounts: assessments above *targeted*, compromised first
    :param directory: every account, for the wall; learned from the logs when ``directory_given`` is False
    :param tried: accounts that a campaign tried, for the wall
    :param guards: findings that excuse failures (outages, forgotten devices), so that a reader sees what was set aside
    """

    generated_at: datetime
    first: datetime | None
    last: datetime | None
    read: Read
    status: str
    campaigns: tuple[Campaign, ...] = ()
    accounts: tuple[Assessment, ...] = ()
    hours: tuple[Hour, ...] = ()
    directory: tuple[Account, ...] = ()
    directory_given: bool = False
    tried: frozenset[str] = frozenset()
    guards: tuple[Finding, ...] = ()
