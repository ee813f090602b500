"""keycloak: accounts of a realm that are disabled, must change their password, or are signed out.

A user is read whole, changed in one thing and written back whole: what is left out of it, Keycloak may forget.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from serjeant.contain.connector import Connector, RefusedError, wanted
from serjeant.contain.http import Answer, Site, quoted
from serjeant.contain.secret import secret
from serjeant.model.measure import Change, Measure, Operation, Shape, State, agrees

NOBODY: Final = "there is no account of that name"
CHANGED: Final = "somebody changed it meanwhile"
_UPDATE: Final = "UPDATE_PASSWORD"
_WANTED: Final[Mapping[str, tuple[Shape, str]]] = {
    "contain_account": ({"enabled": False}, "disables {n} accounts"),
    "force_change": ({"must_change": True}, "makes the owners of {n} accounts change their password"),
    "end_sessions": ({"signed_in": False}, "signs {n} accounts out everywhere"),
}
_REVEALS: Final = {
    "contain_account": "who knows the password of such an account is told that it is disabled; to a wrong one he is "
    "told that it is wrong",
    "force_change": "who knows the password of such an account is asked for a new one: contain the account too",
    "end_sessions": "whoever is signed in sees that he was put out",
}


@dataclass(frozen=True, slots=True)
class KeycloakSettings:
    """Where Keycloak is and who we are there."""

    url: str = field(metadata={"help": "https://sso.example.org, with /auth behind it where yours has that"})
    realm: str = field(metadata={"help": "the realm of the accounts"})
    client: str = field(metadata={"help": "the client by which Serjeant signs in: confidential, with service account"})
    secret_file: str = field(metadata={"help": "a file with its secret, readable by its owner only"})
    ca_file: str = field(default="", metadata={"help": "certificates to trust in the place of the system's"})
    seconds: float = field(default=120.0, metadata={"help": "how long one move may take"})


class _Realm:
    """The accounts of a realm, by a token that is renewed when it has run out."""

    def __init__(self, site: Site, settings: KeycloakSettings) -> None:
        self._site, self._settings = site, settings
        self._path = f"/admin/realms/{quoted(settings.realm)}/users"
        self._sign_in()

    def _sign_in(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client,
            "client_secret": secret(self._settings.secret_file),
        }
        path = f"/realms/{quoted(self._settings.realm)}/protocol/openid-connect/token"
        self._site.headers.pop("Authorization", None)
        answer = self._site.ask("POST", path, form=form, again=True)
        token = answer.said.get("access_token") if answer.fine and isinstance(answer.said, dict) else None
        if not isinstance(token, str):
            raise RefusedError(f"{self._site.host} does not let us in ({answer.status})")
        self._site.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """One answer; 401 says that the token has run out."""
        answer = self._site.ask(method, self._path + path, body, again=True)
        if answer.status == 401:
            self._sign_in()
            answer = self._site.ask(method, self._path + path, body, again=True)
        if answer.status in (401, 403):
            raise RefusedError(f"{self._site.host} does not let us do that ({answer.status})")
        return answer

    def user(self, name: str) -> dict[str, Any] | None:
        """All that it says of an account; None where there is none of that name."""
        found = self._said(f"?exact=true&briefRepresentation=true&max=2&username={quoted(name)}")
        named = [each for each in found if str(each.get("username", "")).casefold() == name.casefold()]
        if len(named) != 1 or not isinstance(named[0].get("id"), str):
            return None
        answer = self.ask("GET", f"/{quoted(named[0]['id'])}")
        said = answer.said if answer.fine else None
        return said if isinstance(said, dict) and said.get("id") == named[0]["id"] else None

    def signed_in(self, uid: str) -> bool:
        """Whether it has a session."""
        return bool(self._said(f"/{quoted(uid)}/sessions"))

    def _said(self, path: str) -> list[Any]:
        answer = self.ask("GET", path)
        if not answer.fine or not isinstance(answer.said, list):
            raise RefusedError(f"{self._site.host} answers {answer.status} and no list")
        return answer.said


def read(settings: KeycloakSettings, measure: Measure) -> State:
    """What Keycloak says of the accounts."""
    with Site(settings.url, settings.seconds, settings.ca_file) as site:
        realm = _Realm(site, settings)
        return {name: _shape(realm, measure.action, realm.user(name)) for name in measure.subjects}


def changes(settings: KeycloakSettings, measure: Measure, state: State) -> list[Change]:
    """Which accounts are to be changed."""
    after, says = _WANTED[measure.action]
    listed = wanted(measure, state, dict.fromkeys(measure.subjects, after), says)
    listed = [replace(each, reveals=_REVEALS[measure.action]) for each in listed]
    if measure.action != "end_sessions":
        return listed
    loses = "sessions are not given back; people sign in anew"
    return [replace(each, undo=None, quality="one-way", loses=loses) for each in listed]


def run(settings: KeycloakSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Brings the accounts there, one after the other."""
    failed: dict[str, str] = {}
    with Site(settings.url, settings.seconds, settings.ca_file) as site:
        realm = _Realm(site, settings)
        for name, after in operation.after.items():
            user = realm.user(name)
            found = _shape(realm, operation.verb, user)
            if user is None:
                failed[name] = NOBODY
            elif agrees(found, after):
                continue
            elif not agrees(found, operation.before.get(name)):
                failed[name] = CHANGED
            elif not (answer := _told(realm, operation.verb, user, after or {})).fine:
                failed[name] = f"Keycloak refused it ({answer.status})"
    if failed:
        raise RefusedError(f"{len(failed):,} of {len(operation.after):,} were refused", failed)


def _shape(realm: _Realm, action: str, user: Mapping[str, Any] | None) -> Shape:
    if user is None:
        return None
    match action:
        case "contain_account":
            return {"enabled": bool(user.get("enabled"))}
        case "force_change":
            return {"must_change": _UPDATE in (user.get("requiredActions") or ())}
        case _:
            return {"signed_in": realm.signed_in(user["id"])}


def _told(realm: _Realm, action: str, user: Mapping[str, Any], after: Mapping[str, Any]) -> Answer:
    path = f"/{quoted(user['id'])}"
    if action == "end_sessions":
        return realm.ask("POST", f"{path}/logout")
    if action == "contain_account":
        return realm.ask("PUT", path, {**user, "enabled": after["enabled"]})
    left = [each for each in user.get("requiredActions") or () if each != _UPDATE]
    return realm.ask("PUT", path, {**user, "requiredActions": [*left, _UPDATE] if after["must_change"] else left})


CONNECTOR = Connector(
    name="keycloak",
    actions=("contain_account", "force_change", "end_sessions"),
    settings=KeycloakSettings,
    read=read,
    changes=changes,
    run=run,
    proven="written from the documentation; tested against recorded shapes, not against the service",
    seconds=480,
)
