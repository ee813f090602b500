"""doors: what all services share that ask: the decisions, who is familiar, and what is kept of an attempt."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal, NoReturn

from serjeant.contain.decision import Answer, Pair, Request
from serjeant.contain.prefixes import address_of, source_of
from serjeant.web.reports import Reports, SignIn
from serjeant.web.watched import Watched

_PAIRS: Final = 200_000
"""Pairs of account and source that are remembered; those that signed in longest ago go first."""

_LOOKS: Final = 0.2
"""Seconds between two looks at the file of decisions."""

_SERVICES: Final = {"submission": "smtp", "managesieve": "sieve", "sshd": "ssh"}
"""As logins name them."""


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Doors:
    """Everything that is asked, and told.

    :param say: takes a line for our own log
    """

    def __init__(self, watched: Watched, reports: Reports, say: Callable[[str], None]) -> None:
        self.watched, self.reports, self._say = watched, reports, say
        self.blind = False
        self._familiar: dict[Pair, None] = {}
        self.read()
        for login, remote in reports.successes():
            self._remember(Request(login, remote))

    def read(self) -> None:
        """Reads the decisions; what is wrong with them stands in the log."""
        for trouble in self.watched.read():
            self.log("trouble", says=f"{self.watched.path}: {trouble}")

    async def watch(self) -> NoReturn:
        """Reads them again whenever they changed, beside those who are answered meanwhile."""
        while True:
            await asyncio.sleep(_LOOKS)
            if self.watched.changed:
                await asyncio.to_thread(self.read)

    def ask(self, request: Request, door: str) -> Answer:
        """Whether somebody may sign in; whom we turn away stands in the log, with the rule.

        :param door: which service asks
        """
        answer = self.watched.decisions.decide(request, now(), self._familiar)
        if answer.verdict == "deny":
            self.log(
                "deny",
                door=door,
                rule=answer.rule,
                subject=answer.subject,
                login=request.login,
                remote=request.remote,
                service=request.service,
                stage=request.stage,
            )
        return answer

    def told(self, sign_in: SignIn) -> None:
        """An attempt is over. A file that takes no more is told in the log; nobody waits for it at the door."""
        if sign_in.right and not sign_in.refused:
            self._remember(Request(sign_in.login, sign_in.remote))
        try:
            self.reports.add(sign_in, now())
        except OSError as error:
            self.log("trouble", says=f"a sign-in was not kept: {error.strerror or error}")

    def forget(self, login: str, remote: str) -> None:
        """Neither the account nor the source is familiar any more."""
        account, address = self.watched.decisions.account_of(login), address_of(remote)
        source = None if address is None else source_of(address)
        self._familiar = {pair: None for pair in self._familiar if pair[0] != account and pair[1] != source}

    def cannot_tell(self) -> None:
        """A service says *before* of passwords that were judged: its word is not taken any more."""
        if not self.blind:
            self.blind = True
            self.log(
                "trouble",
                says="a sign-in succeeded and attrs/verified is empty: set default_fields = pv=1 in every passdb; "
                "until the next start contained accounts are turned away before their password is judged",
            )

    def log(self, event: str, **more: Any) -> None:
        """A JSON object, in ASCII: no name can imitate a line."""
        self._say(json.dumps({"at": now().isoformat(timespec="milliseconds"), "event": event, **more}))

    def _remember(self, request: Request) -> None:
        pair = self.watched.decisions.pair(request)
        if pair is None:
            return
        self._familiar.pop(pair, None)
        self._familiar[pair] = None
        if len(self._familiar) > _PAIRS:
            del self._familiar[next(iter(self._familiar))]


def request_of(login: str, remote: str, service: str, stage: Literal["before", "after", ""] = "") -> Request:
    """A request, its service in the words of logins."""
    name = service.lower()
    return Request(login, remote, _SERVICES.get(name, name), stage)
