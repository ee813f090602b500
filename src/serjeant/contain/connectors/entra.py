"""entra: accounts of Microsoft Entra ID, through Graph: disabled, made to change their password, signed out.

Remote access is closed by a conditional-access policy of yours, switched from reporting to enforcing. Accounts are
asked and told in batches of twenty, as many as Graph takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from serjeant.contain.connector import Connector, RefusedError, wanted
from serjeant.contain.http import Site, after, quoted
from serjeant.contain.secret import secret
from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees

NOBODY: Final = "there is no account of that name"
CHANGED: Final = "somebody changed it meanwhile"
_BATCH: Final = 20
_LATELY: Final = timedelta(minutes=5)
_EXCLUDES: Final = ("excludeUsers", "excludeGroups", "excludeRoles")
_ONE_WAY: Final = frozenset({"end_sessions", "revoke_tokens"})
_SELECT: Final = "$select=id,userPrincipalName,accountEnabled,passwordProfile,signInSessionsValidFromDateTime"
_WANTED: Final[Mapping[str, tuple[Shape, str]]] = {
    "contain_account": ({"enabled": False}, "disables {n} accounts"),
    "force_change": ({"must_change": True}, "makes the owners of {n} accounts change their password"),
    "end_sessions": ({"signed_out_lately": True}, "signs {n} accounts out everywhere"),
    "revoke_tokens": ({"signed_out_lately": True}, "makes the refresh tokens of {n} accounts worthless"),
    "close_remote": ({"state": "enabled"}, "enforces the conditional-access policy of the settings"),
}
_REVEALS: Final = {
    "contain_account": "who knows the password of such an account is told that it is disabled",
    "force_change": "who knows the password of such an account is asked for a new one: contain the account too",
    "end_sessions": "whoever is signed in sees that he was put out",
    "revoke_tokens": "whoever is signed in sees that he was put out",
}

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntraSettings:
    """Which tenant, and who we are there."""

    tenant: str = field(metadata={"help": "the tenant: its domain or its id"})
    client: str = field(metadata={"help": "the id of the application by which Serjeant signs in"})
    secret_file: str = field(metadata={"help": "a file with its secret, readable by its owner only"})
    domain: str = field(default="", metadata={"help": "what makes an account a user principal name: @example.org"})
    policy: str = field(
        default="", metadata={"help": "the id of the conditional-access policy that closes remote access"}
    )
    graph: str = field(default="https://graph.microsoft.com/v1.0", metadata={"help": "where Graph is"})
    login: str = field(default="https://login.microsoftonline.com", metadata={"help": "where tokens are given"})
    seconds: float = field(default=120.0, metadata={"help": "how long one move may take"})


def read(settings: EntraSettings, measure: Measure) -> State:
    """What Graph says of the accounts, or of the policy."""
    with _signed_in(settings) as site:
        if measure.action == "close_remote":
            return {measure.action: {"state": _policy(site, settings)["state"]}}
        users = _users(site, settings, measure.subjects)
    return {name: _shape(measure.action, user) for name, user in users.items()}


def changes(settings: EntraSettings, measure: Measure, state: State) -> list[Change]:
    """Which accounts are to be changed, or whether the policy is."""
    shape, says = _WANTED[measure.action]
    listed = wanted(measure, state, dict.fromkeys(measure.subjects or (measure.action,), shape), says)
    listed = [replace(each, reveals=_REVEALS.get(measure.action, "")) for each in listed]
    if measure.action in _ONE_WAY:
        loses = "sessions and tokens are not given back; people sign in anew"
        return [replace(each, undo=None, quality="one-way", loses=loses) for each in listed]
    if measure.action == "force_change":
        loses = "how Entra counted the age of the password until then is not known to us"
        return [replace(each, quality="lossy", loses=loses) for each in listed]
    return listed


def run(settings: EntraSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Brings the accounts there, or the policy."""
    with _signed_in(settings) as site:
        if operation.verb == "close_remote":
            _switch(site, settings, operation)
            return
        users = _users(site, settings, operation.after)
        failed: dict[str, str] = {}
        asks: dict[str, Told] = {}
        for name, wants in operation.after.items():
            user, found = users[name], _shape(operation.verb, users[name])
            if user is None:
                failed[name] = NOBODY
            elif agrees(found, wants):
                continue
            elif not agrees(found, operation.before.get(name)):
                failed[name] = CHANGED
            else:
                asks[name] = _ask(operation.verb, user["id"], wants or {})
        for name, answer in zip(asks, _batched(site, list(asks.values())), strict=True):
            if not 200 <= _status(answer) < 300:
                failed[name] = f"Graph refused it ({_status(answer)})"
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(operation.after):,} were refused", failed)


def _shape(action: str, user: Told | None) -> Shape:
    if user is None:
        return None
    match action:
        case "contain_account":
            return {"enabled": bool(user.get("accountEnabled"))}
        case "force_change":
            return {"must_change": bool((user.get("passwordProfile") or {}).get("forceChangePasswordNextSignIn"))}
        case _:
            return {"signed_out_lately": _lately(user.get("signInSessionsValidFromDateTime"))}


def _lately(said: object) -> bool:
    """Graph says since when sessions are good, and not why: a few minutes old is our own doing, or as good."""
    try:
        return datetime.now(UTC) - datetime.fromisoformat(str(said)) < _LATELY
    except (ValueError, TypeError):
        return False


def _ask(action: str, uid: str, wants: Mapping[str, Any]) -> Told:
    path = f"/users/{quoted(uid)}"
    if action in _ONE_WAY:
        return {"method": "POST", "url": f"{path}/revokeSignInSessions"}
    body: Told = (
        {"accountEnabled": wants["enabled"]}
        if action == "contain_account"
        else {"passwordProfile": {"forceChangePasswordNextSignIn": wants["must_change"]}}
    )
    return {"method": "PATCH", "url": path, "body": body, "headers": {"Content-Type": "application/json"}}


def _users(site: Site, settings: EntraSettings, names: Sequence[str] | Mapping[str, Any]) -> dict[str, Told | None]:
    """What Graph says of each account; None where it knows none of that name."""
    full = {name: name if "@" in name else f"{name}{settings.domain}" for name in names}
    asks = [{"method": "GET", "url": f"/users/{quoted(each)}?{_SELECT}"} for each in full.values()]
    found: dict[str, Told | None] = {}
    for (name, asked), answer in zip(full.items(), _batched(site, asks), strict=True):
        status, user = _status(answer), answer.get("body")
        if status not in (200, 400, 404):
            raise RefusedError(f"{site.host} does not let us read accounts ({status})")
        if status != 200 or not isinstance(user, dict) or not isinstance(user.get("id"), str):
            found[name] = None
        else:
            named = str(user.get("userPrincipalName", "")).casefold() == asked.casefold()
            found[name] = user if named else None  # it finds accounts by their ids as well
    return found


def _batched(site: Site, asks: Sequence[Told]) -> list[Told]:
    """One answer for each, in their order; those that Graph was too busy for are asked again when it wants."""
    answers: dict[int, Told] = {}
    left = list(range(len(asks)))
    while left:
        some, left = left[:_BATCH], left[_BATCH:]
        body = {"requests": [{"id": str(each), **asks[each]} for each in some]}
        answer = site.ask("POST", "/$batch", body, again=True)
        if not answer.fine:
            raise RefusedError(f"{site.host} does not take our questions ({answer.status})")
        try:
            got = {int(each["id"]): each for each in answer.said["responses"]}
            busy = {
                each: str((got[each].get("headers") or {}).get("Retry-After", "5"))
                for each in some
                if _status(got[each]) == 429
            }
            answers |= {each: got[each] for each in some if each not in busy}
        except (KeyError, TypeError, ValueError):
            raise RefusedError(f"{site.host} answers something that is no batch") from None
        if busy:
            site.wait(max(map(after, busy.values())))
            left = [*busy, *left]
    return [answers[each] for each in range(len(asks))]


def _status(answer: Told) -> int:
    status = answer["status"]
    return status if isinstance(status, int) else int(str(status))


def _policy(site: Site, settings: EntraSettings) -> dict[str, Any]:
    if not settings.policy:
        raise RefusedError("the settings name no policy, so that remote access cannot be closed here")
    answer = site.ask("GET", f"/identity/conditionalAccess/policies/{quoted(settings.policy)}")
    if not answer.fine or not isinstance(answer.said, dict) or not isinstance(answer.said.get("state"), str):
        raise RefusedError(f"{site.host} shows no such policy ({answer.status})")
    return answer.said


def _switch(site: Site, settings: EntraSettings, operation: Operation) -> None:
    policy, wants = _policy(site, settings), operation.after["close_remote"]
    found: Shape = {"state": policy["state"]}
    if wants is None or agrees(found, wants):
        return
    if not agrees(found, operation.before["close_remote"]):
        raise RefusedError(CHANGED)
    people = (policy.get("conditions") or {}).get("users") or {}
    if wants["state"] == "enabled" and not any(people.get(each) for each in _EXCLUDES):
        raise RefusedError("the policy excludes nobody: it could lock out those who run Serjeant")
    path = f"/identity/conditionalAccess/policies/{quoted(settings.policy)}"
    answer = site.ask("PATCH", path, {"state": wants["state"]})
    if not answer.fine:
        raise RefusedError(f"{site.host} does not let us change the policy ({answer.status})")


def _signed_in(settings: EntraSettings) -> Site:
    form = {
        "grant_type": "client_credentials",
        "client_id": settings.client,
        "client_secret": secret(settings.secret_file),
        "scope": f"{settings.graph.split('/v1.0')[0]}/.default",
    }
    with Site(settings.login, settings.seconds) as login:
        answer = login.ask("POST", f"/{quoted(settings.tenant)}/oauth2/v2.0/token", form=form, again=True)
        token = answer.said.get("access_token") if answer.fine and isinstance(answer.said, dict) else None
        if not isinstance(token, str):
            raise RefusedError(f"{login.host} does not let us in ({answer.status})")
    site = Site(settings.graph, settings.seconds)
    site.headers["Authorization"] = f"Bearer {token}"
    return site


CONNECTOR = Connector(
    name="entra",
    actions=("contain_account", "force_change", "end_sessions", "revoke_tokens", "close_remote"),
    settings=EntraSettings,
    read=read,
    changes=changes,
    run=run,
    proven="written from the documentation; tested against recorded shapes, not against the service",
    seconds=480,
)
