"""app: the decision API as one ASGI application: a function for each path, and a key where one is set."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Final, TypeAlias

from serjeant.web import others, weakforced
from serjeant.web.doors import Doors
from serjeant.web.message import Message, Reply, pairs

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LARGEST: Final = 65_536
"""Bytes of a body; Dovecot's have a few hundred."""

PATHS: Final[Mapping[str, Callable[[Doors, Message], Reply]]] = {
    "/": weakforced.answer,
    "/v1/authz": others.nginx,
    "/v1/radius/authorize": others.radius_authorize,
    "/v1/radius/post-auth": others.radius_post_auth,
    "/v1/pam": others.pam,
}


class App:
    """The application.

    :param keys: one of them must come with each request over TCP; empty: none is asked for
    """

    def __init__(self, doors: Doors, keys: tuple[str, ...] = ()) -> None:
        self.doors, self._keys = doors, tuple(key.encode() for key in keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection's request, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            body = await _body(receive)
            reply = (
                Reply(413) if body is None else self._answer(_message(scope, body), local=scope["server"][1] is None)
            )
            headers = {"content-length": str(len(reply.body)), **reply.headers}
            if reply.status == 204:
                del headers["content-length"]
            encoded = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": reply.status, "headers": encoded})
            await send({"type": "http.response.body", "body": reply.body})

    def _answer(self, message: Message, *, local: bool) -> Reply:
        path = PATHS.get(message.path)
        if path is None or message.method not in ("GET", "POST"):
            return Reply(404)
        return path(self.doors, message) if local or self._may_ask(message) else Reply(401)

    def _may_ask(self, message: Message) -> bool:
        # At nginx' door Authorization is the client's.
        given = message.headers.get("x-api-key") or ("" if message.path == "/v1/authz" else message.basic[1])
        known = [hmac.compare_digest(given.encode("utf-8", "replace"), key) for key in self._keys]
        return not self._keys or any(known)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        watching = asyncio.create_task(self.doors.watch())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive) -> bytes | None:
    """The body; None where it is too large."""
    parts, size, more = [], 0, True
    while more:
        event = await receive()
        part, more = event.get("body", b""), event.get("more_body", False)
        size += len(part)
        if size > _LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)


def _message(scope: Scope, body: bytes) -> Message:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in reversed(scope["headers"])}
    return Message(scope["method"], scope["path"], pairs(scope["query_string"]), headers, body)
