"""weakforced: ``POST /?command=allow|report|reset|ping``, as Dovecot's auth policy and weakforced's clients speak it.

The message of a refusal is always empty: Dovecot then answers in the words of a wrong password.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from serjeant.contain.decision import Request
from serjeant.web.doors import Doors, request_of
from serjeant.web.message import Message, Reply, as_json, is_true, text
from serjeant.web.reports import SignIn

_OK: Final = {"status": "ok"}


def answer(doors: Doors, message: Message) -> Reply:
    """What the command asks for."""
    match message.query.get("command", ""):
        case "allow":
            return as_json(_allowed(doors, message.fields))
        case "report":
            _reported(doors, message.fields)
            return as_json(_OK)
        case "reset":
            doors.forget(text(message.fields.get("login")), text(message.fields.get("ip")))
            return as_json(_OK)
        case "ping":
            return as_json(_OK)
        case _:
            return Reply(404)


def _allowed(doors: Doors, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    found = doors.ask(_request(asked, _stage(doors, asked)), "weakforced")
    status = {"allow": 0, "slow": found.seconds, "deny": -1}[found.verdict]
    return {"status": status, "msg": "", "r_attrs": {}}


def _reported(doors: Doors, told: Mapping[str, Any]) -> None:
    request, right, verified = _request(told, ""), is_true(told.get("success")), _verified(told)
    if right and verified is False:
        doors.cannot_tell()
    doors.told(
        SignIn(
            request.login,
            request.remote,
            request.service,
            right=right,
            refused=is_true(told.get("policy_reject")),
            verified=verified is True,
            guess=text(told.get("pwhash")),
            mechanism=text(_attributes(told).get("mech")),
            client=text(told.get("device_id")),
            session=text(told.get("session_id")),
            why=text(told.get("fail_type")),
        )
    )


def _request(asked: Mapping[str, Any], stage: Literal["before", "after", ""]) -> Request:
    return request_of(text(asked.get("login")), text(asked.get("remote")), text(asked.get("protocol")), stage)


def _stage(doors: Doors, asked: Mapping[str, Any]) -> Literal["before", "after", ""]:
    verified = _verified(asked)
    if verified is None or doors.blind:
        return ""
    return "after" if verified else "before"


def _verified(said: Mapping[str, Any]) -> bool | None:
    """Whether the password was right; None where the service does not tell."""
    attributes = _attributes(said)
    return is_true(attributes["verified"]) if "verified" in attributes else None


def _attributes(said: Mapping[str, Any]) -> Mapping[str, Any]:
    found = said.get("attrs")
    return found if isinstance(found, dict) else {}
