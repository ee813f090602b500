"""decision: what a service is answered that asks whether somebody may sign in. Pure: a file, a request, the time.

Never-block wins over everything, and in doubt everybody is let in. The answer never becomes an oracle: a contained
account is turned away after its password was judged, where the service can tell, and in the words of a wrong one.
"""

import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from serjeant.contain.connectors.decisions import SCHEMA
from serjeant.contain.prefixes import Address, Prefixes, address_of, source_of
from serjeant.directory.single import normalised

Pair: TypeAlias = tuple[str, tuple[int, int]]
"""An account and a source."""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody is at a door.

    :param login: the name, as it was typed; empty where the service does not know it
    :param remote: the address it comes from; empty likewise
    :param service: as logins name it: ``imap``
    :param stage: *before*: its password was not judged yet; *after*: it was right; empty: the service cannot tell
    """

    login: str
    remote: str
    service: str = ""
    stage: Literal["before", "after", ""] = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service is told; the rule is for our own log.

    :param seconds: how long it waits, where the verdict is *slow*
    :param rule: the action that decided: ``block_source``
    :param subject: of what it was said: a source, an account
    """

    verdict: Literal["allow", "slow", "deny"]
    seconds: int = 0
    rule: str = ""
    subject: str = ""


ALLOW: Final = Answer("allow")


@dataclass(frozen=True, slots=True)
class Kept:
    """Networks and accounts, read for looking up."""

    networks: Prefixes[bool] = field(default_factory=Prefixes)
    accounts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str], account_of: Callable[[str], str] = normalised) -> "Kept":
        """From a list in which both stand."""
        networks: Prefixes[bool] = Prefixes()
        accounts = set()
        for name in names:
            try:
                networks.add(name, said=True)
            except ValueError:
                accounts.add(account_of(name))
        return cls(networks, frozenset(accounts))

    def holds(self, account: str, address: Address | None) -> bool:
        """Either of the two is among them."""
        return account in self.accounts or (address is not None and address in self.networks)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the file."""

    action: str
    subject: str
    until: datetime
    services: frozenset[str]
    spares: Kept
    seconds: int


@dataclass(frozen=True, slots=True)
class Decisions:
    """The file, read for looking up.

    :param keep: networks that are never blocked and accounts that are never touched
    :param account_of: what was typed -> the account
    :param trap_sources: blocked sources are turned away after the password was judged, as contained accounts are
    :param trouble: what of the file is left out, and why, a sentence each
    """

    keep: Kept
    account_of: Callable[[str], str] = normalised
    trap_sources: bool = False
    blocked: Prefixes[Rule] = field(default_factory=Prefixes)
    slowed: Prefixes[Rule] = field(default_factory=Prefixes)
    contained: Mapping[str, Rule] = field(default_factory=dict)
    closed: Rule | None = None
    slow: Rule | None = None
    trouble: tuple[str, ...] = ()

    @classmethod
    def load(
        cls,
        text: str,
        keep: Kept | None = None,
        account_of: Callable[[str], str] = normalised,
        *,
        trap_sources: bool = False,
    ) -> "Decisions":
        """Reads the file that the connector ``decisions`` writes; what cannot be read decides nothing.

        :param text: the content; empty: there are no measures
        """
        try:
            table = json.loads(text or f'{{"schema": "{SCHEMA}", "rules": {{}}}}')
            if table["schema"] != SCHEMA:
                raise ValueError
            rules = {action: dict(entries) for action, entries in table["rules"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            trouble = ("it is no file of decisions, so everybody is let in",)
            return cls(keep or Kept(), account_of, trap_sources, trouble=trouble)
        read = _Reading(account_of)
        for action, entries in rules.items():
            for subject, shape in entries.items():
                read.entry(action, subject, shape)
        return cls(
            keep or Kept(),
            account_of,
            trap_sources,
            read.blocked,
            read.slowed,
            read.contained,
            read.everybody.get("close_remote"),
            read.everybody.get("slow_guesses"),
            tuple(f"{count:,} of {action} cannot be read and decide nothing" for action, count in read.left.items()),
        )

    def decide(self, request: Request, now: datetime, familiar: Container[Pair] = ()) -> Answer:
        """What the service is told.

        :param familiar: who signed in from where before; they are never slowed
        """
        account, address = self.account_of(request.login), address_of(request.remote)
        kept_account = account in self.keep.accounts
        kept_source = address is not None and address in self.keep.networks

        def holds(rule: Rule) -> bool:
            return (
                rule.until > now
                and (not rule.services or request.service in rule.services)
                and not rule.spares.holds(account, address)
            )

        waits = request.stage == "before"
        if address is not None and not kept_source and not (self.trap_sources and waits):
            for rule in self.blocked.of(address):
                if holds(rule):
                    return Answer("deny", rule=rule.action, subject=rule.subject)
        contained = self.contained.get(account)
        if contained is not None and not kept_account and not waits and holds(contained):
            return Answer("deny", rule=contained.action, subject=contained.subject)
        if address is None or kept_source or kept_account:
            return ALLOW
        if self.closed is not None and holds(self.closed):
            return Answer("deny", rule=self.closed.action, subject=self.closed.subject)
        if request.stage != "after":
            for rule in (*self.slowed.of(address), *(() if self.slow is None else (self.slow,))):
                if holds(rule) and (account, source_of(address)) not in familiar:
                    return Answer("slow", rule.seconds, rule.action, rule.subject)
        return ALLOW

    def pair(self, request: Request) -> Pair | None:
        """Who signs in from where; None where either is not known."""
        account, address = self.account_of(request.login), address_of(request.remote)
        return (account, source_of(address)) if account and address is not None else None


class _Reading:
    """Entries, sorted into their tables; thousands of them have the same end, services and spares."""

    def __init__(self, account_of: Callable[[str], str]) -> None:
        self.account_of = account_of
        self.blocked: Prefixes[Rule] = Prefixes()
        self.slowed: Prefixes[Rule] = Prefixes()
        self.contained: dict[str, Rule] = {}
        self.everybody: dict[str, Rule] = {}
        self.left: dict[str, int] = {}
        self._spares = cache(lambda names: Kept.of(names, account_of))
        self._until = cache(_moment)

    def entry(self, action: str, subject: str, shape: Any) -> None:
        """Takes one, or counts it among those left out."""
        try:
            rule = Rule(
                action,
                subject,
                self._until(shape["until"]),
                frozenset(_texts(shape.get("services", ()))),
                self._spares(_texts(shape.get("spares", ()))),
                _seconds(shape.get("seconds", 0)),
            )
            match action:
                case "block_source":
                    self.blocked.add(subject, rule)
                case "contain_account":
                    self.contained[self.account_of(subject)] = rule
                case "slow_guesses" if subject != action:
                    self.slowed.add(subject, rule)
                case "close_remote" | "slow_guesses":
                    self.everybody[action] = rule
                case _:
                    raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError):
            self.left[action] = self.left.get(action, 0) + 1


_LONGEST_WAIT: Final = 60


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _texts(given: Any) -> tuple[str, ...]:
    texts = tuple(given)
    if isinstance(given, str) or not all(isinstance(each, str) for each in texts):
        raise TypeError
    return texts


def _seconds(given: Any) -> int:
    if not isinstance(given, int) or not 0 <= given <= _LONGEST_WAIT:
        raise TypeError
    return given
