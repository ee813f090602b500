"""webhook: a service of yours is told what to do, signed, and asked whether it is so."""

import hashlib
import hmac
import json
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from serjeant.contain.connector import Connector, RefusedError
from serjeant.contain.elsewhere import Elsewhere, end, known, left, rows, shown, why
from serjeant.contain.elsewhere import changes as planned
from serjeant.contain.http import Answer, Site
from serjeant.contain.secret import secret
from serjeant.model.measure import ACTIONS, Change, Measure, Operation, State

SCHEMA: Final = "serjeant.webhook/1"
_LONGEST: Final = 100.0


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where it is and how it knows that it is we."""

    actions: tuple[str, ...] = field(metadata={"help": "what it can do, as block_source"})
    url: str = field(metadata={"help": "where it is told, as https://host/path; http:// to this machine only"})
    key_file: str = field(metadata={"help": "a file with the key that signs, readable by its owner only"})
    check_url: str = field(default="", metadata={"help": "where it is asked; it is not read back where left out"})
    undoes: bool = field(default=True, metadata={"help": "it can take back"})
    ends: bool = field(default=False, metadata={"help": "it keeps the end of each subject, and ends it by itself"})
    ca_file: str = field(default="", metadata={"help": "certificates to trust in the place of the system's"})
    seconds: float = field(default=20.0, metadata={"help": "how long an answer may take"})

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        known(self.actions)
        if not 0 < self.seconds <= _LONGEST:
            raise ValueError(f"seconds must be {_LONGEST:g} at most")

    @property
    def reads_back(self) -> bool:
        """It can be asked whether it was done."""
        return bool(self.check_url)


def read(settings: WebhookSettings, measure: Measure) -> State:
    """What it says; that nothing is done, where it cannot be asked."""
    subjects = measure.subjects or (measure.action,)
    return _checked(settings, measure.action, subjects) or dict.fromkeys(subjects)


def changes(settings: WebhookSettings, measure: Measure, state: State) -> list[Change]:
    """What is not so yet."""
    host = urllib.parse.urlsplit(settings.url).hostname or "the service"
    return planned(Elsewhere(host, settings.undoes, settings.ends), measure, state)


def run(settings: WebhookSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Tells it all in one request."""
    todo, failed = left(operation, _checked(settings, operation.verb, operation.after))
    if todo.after:
        body = {"schema": SCHEMA, "action": operation.verb, "ends": end(ends), "subjects": rows(todo)}
        said = _posted(settings, settings.url, body)
        try:
            answered = json.loads(said.body)
        except (ValueError, RecursionError):  # many answer "ok"
            answered = None
        failed |= why(answered.get("failed") if isinstance(answered, dict) else None, todo.after)
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(operation.after):,} were not done", failed)


def _checked(settings: WebhookSettings, action: str, subjects: Iterable[str]) -> State | None:
    if not settings.check_url:
        return None
    asked = {"schema": SCHEMA, "action": action, "check": list(subjects)}
    said = _posted(settings, settings.check_url, asked).said
    listed = said.get("subjects") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        raise RefusedError("the check answers in words that we do not know")
    return shown(listed, subjects)


def _posted(settings: WebhookSettings, url: str, body: Any) -> Answer:
    """One signed request. The same one told twice has the same key, so that it is done once."""
    sent = json.dumps(body).encode()  # as Site writes it
    stamp = str(int(datetime.now(UTC).timestamp()))
    key = secret(settings.key_file).encode()
    headers = {
        "Idempotency-Key": hashlib.sha256(sent).hexdigest(),
        "X-Serjeant-Timestamp": stamp,
        "X-Serjeant-Signature": "sha256=" + hmac.new(key, stamp.encode() + b"." + sent, hashlib.sha256).hexdigest(),
    }
    parts = urllib.parse.urlsplit(url)
    path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
    with Site(f"{parts.scheme}://{parts.netloc}", settings.seconds, settings.ca_file) as site:
        answer = site.ask("POST", path, body, headers=headers)
    if not answer.fine:
        raise RefusedError(f"{answer.host} answers {answer.status}")
    return answer


CONNECTOR = Connector(
    name="webhook",
    actions=tuple(ACTIONS),
    settings=WebhookSettings,
    read=read,
    changes=changes,
    run=run,
    proven="an HTTP service that a test wrote: one that checks what is signed, refuses, redirects, hangs and lies",
    seconds=4 * _LONGEST,
)
