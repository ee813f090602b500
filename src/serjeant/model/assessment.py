"""assessment: what became of one account."""

from dataclasses import dataclass
from datetime import datetime

LEVELS = ("untouched", "targeted", "suspected", "compromised")
CERTAINTIES = ("confirmed", "probable", "possible")


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence, and the log line under it.

    :param says: plain words, safe to print
    :param log: ``file:line``; empty where the reason is no single line
    """

    says: str
    log: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judgement on one account.

    :param account: the account
    :param assessment: one of ``LEVELS``
    :param certainty: one of ``CERTAINTIES``; empty for untouched and targeted
    :param campaign: the uid of the campaign that it belongs to
    :param first_access: when somebody else first got in; None when nobody did
    :param sources: from where
    :param reaches: mailboxes and roles that open with it
    :param why: the reasons, strongest first
    """

    account: str
    assessment: str
    certainty: str
    campaign: str
    first_access: datetime | None
    sources: tuple[str, ...]
    reaches: tuple[str, ...]
    why: tuple[Reason, ...]
