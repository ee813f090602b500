"""The connector to Keycloak, tried on a server of our own that answers in the shapes of its documentation.

No Keycloak was asked: what a real one does otherwise is not seen here.
"""

import copy
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from measures import NOW, a_measure, carried_out, planned, taken_back
from replies import Asked, Reply, a_secret, replies
from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.keycloak import CHANGED, CONNECTOR, NOBODY, KeycloakSettings

NAMES = ("alice", "bob", "alice.b")
SECRET = "the-client's-own"
HOSTILE = ["*", "alice&exact=false", "alice/../bob", "alic", "\u202eecila", "alice\x00", "a" * 5000, "../alice"]


def _user(name: str) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{abs(hash(name)) % 10**12:012d}", "username": name, "enabled": True,
        "emailVerified": True, "createdTimestamp": 1930000000000, "totp": False, "firstName": name.title(),
        "email": f"{name}@example.org", "attributes": {"office": ["3.14"]}, "disableableCredentialTypes": [],
        "requiredActions": ["CONFIGURE_TOTP"], "notBefore": 0,
        "access": {"manageGroupMembership": True, "view": True, "mapRoles": True, "impersonate": False, "manage": True},
    }  # fmt: skip


@dataclass
class Realm:
    """What a realm holds."""

    users: dict[str, dict[str, Any]] = field(default_factory=lambda: {each["id"]: each for each in map(_user, NAMES)})
    sessions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    good_for: int = 1_000
    asked: list[str] = field(default_factory=list)
    tokens: int = 0
    left: int = 0
    before: Any = None

    def answer(self, asked: Asked) -> Reply:
        """As Keycloak would."""
        self.asked.append(f"{asked.method} {asked.path}")
        parts = urllib.parse.urlsplit(asked.path)
        if parts.path == "/realms/staff/protocol/openid-connect/token":
            form = dict(urllib.parse.parse_qsl(asked.body.decode()))
            if form != {"grant_type": "client_credentials", "client_id": "serjeant", "client_secret": SECRET}:
                return 401, {}, {"error": "unauthorized_client", "error_description": "Invalid client credentials"}
            self.tokens, self.left = self.tokens + 1, self.good_for
            return 200, {}, {"access_token": f"t{self.tokens}", "expires_in": 60, "token_type": "Bearer"}
        if asked.headers.get("Authorization") != f"Bearer t{self.tokens}" or self.left == 0:
            return 401, {}, {"error": "HTTP 401 Unauthorized"}
        self.left -= 1
        query = dict(urllib.parse.parse_qsl(parts.query))
        rest = parts.path.removeprefix("/admin/realms/staff/users")
        if rest == "":
            exact = query.get("exact") == "true"
            name = query["username"].lower()
            found = [
                each
                for each in self.users.values()
                if name == each["username"] or (not exact and name in each["username"])
            ]
            brief = ("id", "username", "enabled", "email", "firstName", "emailVerified", "createdTimestamp")
            return 200, {}, [{key: each[key] for key in brief} for each in found]
        uid, _, what = rest.removeprefix("/").partition("/")
        if uid not in self.users:
            return 404, {}, {"error": "User not found"}
        match asked.method, what:
            case "GET", "":
                return 200, {}, self.users[uid]
            case "GET", "sessions":
                return 200, {}, self.sessions.get(uid, [])
            case "PUT", "":
                if self.before is not None:
                    self.before()
                self.users[uid] = {"attributes": {}, **asked.json}  # what is not sent is gone
                return 204, {}, None
            case "POST", "logout":
                self.sessions.pop(uid, None)
                self.users[uid]["notBefore"] = 1930000001
                return 204, {}, None
        return 404, {}, {"error": "HTTP 404 Not Found"}

    def named(self, name: str) -> dict[str, Any]:
        """One account."""
        return next(each for each in self.users.values() if each["username"] == name)


@pytest.fixture
def realm() -> Realm:
    return Realm()


@pytest.fixture
def settings(realm: Realm, tmp_path: Path) -> Iterator[KeycloakSettings]:
    with replies(realm.answer) as url:
        yield KeycloakSettings(
            url=url, realm="staff", client="serjeant", secret_file=a_secret(tmp_path / "secret", SECRET), seconds=10
        )


@pytest.mark.parametrize("action", ["contain_account", "force_change"])
def test_an_account_is_changed_in_one_thing_and_changed_back(
    realm: Realm, settings: KeycloakSettings, action: str
) -> None:
    before = copy.deepcopy(realm.users)
    measure = a_measure(action, "alice", "BOB")
    changes = carried_out(CONNECTOR, settings, measure)
    alice = realm.named("alice")
    if action == "contain_account":
        assert alice["enabled"] is False
    else:
        assert alice["requiredActions"] == ["CONFIGURE_TOTP", "UPDATE_PASSWORD"]
    assert alice["attributes"] == {"office": ["3.14"]}
    assert changes[0].reveals
    assert realm.named("alice.b") == before[realm.named("alice.b")["id"]]
    taken_back(CONNECTOR, settings, measure, changes)
    assert realm.users == before


def test_sessions_are_ended_and_not_given_back(realm: Realm, settings: KeycloakSettings) -> None:
    session = {"id": "s1", "username": "alice", "ipAddress": "203.0.113.9", "start": 1930000000000, "clients": {}}
    realm.sessions = {realm.named(each)["id"]: [session] for each in ("alice", "alice.b")}
    measure = a_measure("end_sessions", "alice", "bob")
    (change,) = carried_out(CONNECTOR, settings, measure)
    assert set(change.do.after) == {"alice"}, "who is not signed in is so already"
    assert (change.quality, change.undo) == ("one-way", None)
    assert change.loses
    assert list(realm.sessions) == [realm.named("alice.b")["id"]]


def test_a_token_that_runs_out_is_renewed(realm: Realm, settings: KeycloakSettings) -> None:
    realm.good_for = 3
    measure = a_measure("contain_account", "alice", "bob", "alice.b")
    taken_back(CONNECTOR, settings, measure, carried_out(CONNECTOR, settings, measure))
    assert realm.tokens > 5


def test_what_somebody_changed_meanwhile_is_left_alone(realm: Realm, settings: KeycloakSettings) -> None:
    measure = a_measure("contain_account", "alice", "bob")
    (change,) = carried_out(CONNECTOR, settings, measure)
    realm.named("alice")["enabled"] = True
    realm.named("bob")["attributes"] = {"office": ["2.71"]}
    assert change.undo is not None
    other = replace(change.undo, before={"alice": {"enabled": False}}, after={"alice": {"enabled": None}})
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, other, NOW, NOW)
    assert refused.value.each == {"alice": CHANGED}
    taken_back(CONNECTOR, settings, measure, [change])
    assert realm.named("bob")["attributes"] == {"office": ["2.71"]}, "what was changed beside it stays"


def test_names_that_attackers_write_touch_nobody(realm: Realm, settings: KeycloakSettings) -> None:
    before = copy.deepcopy(realm.users)
    for action in CONNECTOR.actions:
        (change,) = planned(CONNECTOR, settings, a_measure(action, *HOSTILE))
        with pytest.raises(RefusedError) as refused:
            CONNECTOR.run(settings, change.do, NOW, NOW)
        assert refused.value.each == dict.fromkeys(HOSTILE, NOBODY)
    assert realm.users == before


def test_what_keycloak_refuses_is_told(realm: Realm, settings: KeycloakSettings, tmp_path: Path) -> None:
    measure = a_measure("contain_account", "alice")
    (change,) = planned(CONNECTOR, settings, measure)
    false = a_secret(tmp_path / "false", "not-it")
    for other, says in (
        (replace(settings, secret_file=false), r"does not let us in \(401\)"),
        (replace(settings, realm="elsewhere"), "does not let us"),
        (replace(settings, url="http://127.0.0.1:9"), "cannot be asked"),
        (replace(settings, url="http://sso.example.org"), "only to this machine"),
    ):
        with pytest.raises(RefusedError, match=says) as refused:
            CONNECTOR.run(other, change.do, NOW, NOW)
        assert SECRET not in str(refused.value)
        assert "not-it" not in str(refused.value)
    assert realm.named("alice")["enabled"] is True
