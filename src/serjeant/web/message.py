"""message: what came in over HTTP and what goes back, without the server around it."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl

LONGEST: Final = 1024
"""Characters of a text that is taken; the rest is cut off."""


@dataclass(frozen=True)
class Message:
    """A request, whole.

    :param headers: names in lower case; of doubled ones the first
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """The body as JSON; empty where it is no object."""
        try:
            found = json.loads(self.body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The body as a form."""
        return pairs(self.body)

    @cached_property
    def basic(self) -> tuple[str, str]:
        """User and password of ``Authorization: Basic``; empty where there are none."""
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(given, validate=True).decode("utf-8", "replace").partition(":")
        except (binascii.Error, ValueError):
            return "", ""
        return (user, password) if scheme.lower() == "basic" else ("", "")


@dataclass(frozen=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def pairs(query: bytes) -> Mapping[str, str]:
    """Names and values of a query or form; of doubled ones the first, so that nothing appended overrules it."""
    try:
        found = parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return {}
    return dict(reversed([(name, text(value)) for name, value in found]))


def text(value: object) -> str:
    """What was sent, where it is text; half characters are replaced, and it has an end."""
    return value[:LONGEST].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def is_true(value: object) -> bool:
    """A yes, however it is written; some write booleans as text or as numbers."""
    return value is True or value == 1 or (isinstance(value, str) and value.lower() in ("true", "1", "yes"))


def as_json(answer: Mapping[str, Any]) -> Reply:
    """A JSON object."""
    return Reply(200, json.dumps(answer).encode(), {"content-type": "application/json"})
