"""The connector to Entra ID, tried on a server of our own that answers in the shapes of Graph's documentation.

No Graph was asked: what the real one does otherwise is not seen here.
"""

import copy
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from measures import NOW, a_measure, carried_out, planned, taken_back
from replies import Asked, Reply, a_secret, replies
from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.entra import CHANGED, CONNECTOR, NOBODY, EntraSettings

SECRET = "the-application's-own"
POLICY = "2b31ac51-b855-40a5-a986-0a4ed23e9008"
OLD = "2025-01-02T03:04:05Z"
HOSTILE = [
    "*",
    "alice/revokeSignInSessions",
    "alice?x=",
    "..",
    "id-alice",
    "\u202eecila",
    "a'b",
    "a" * 5000,
    "alice\x00",
]


def _users(count: int = 0) -> dict[str, dict[str, Any]]:
    names = ["alice", "bob", *(f"u{each}" for each in range(count))]
    return {
        f"id-{name}": {
            "id": f"id-{name}", "userPrincipalName": f"{name}@example.org", "accountEnabled": True,
            "passwordProfile": None, "signInSessionsValidFromDateTime": OLD,
        }
        for name in names
    }  # fmt: skip


@dataclass
class Tenant:
    """What a tenant holds."""

    users: dict[str, dict[str, Any]] = field(default_factory=_users)
    policy: dict[str, Any] = field(
        default_factory=lambda: {
            "id": POLICY,
            "displayName": "From inside only",
            "state": "enabledForReportingButNotEnforced",
            "conditions": {"users": {"includeUsers": ["All"], "excludeUsers": [], "excludeGroups": ["g1"]}},
        }
    )
    busy: int = 0
    sizes: list[int] = field(default_factory=list)
    refuses: frozenset[str] = frozenset()

    def answer(self, asked: Asked) -> Reply:
        """As Entra and Graph would."""
        if asked.path == "/example.org/oauth2/v2.0/token":
            form = dict(urllib.parse.parse_qsl(asked.body.decode()))
            assert form.pop("scope").endswith("/.default")
            if form != {"grant_type": "client_credentials", "client_id": "app", "client_secret": SECRET}:
                return 401, {}, {"error": "invalid_client", "error_description": "AADSTS7000215"}
            return 200, {}, {"token_type": "Bearer", "expires_in": 3599, "access_token": "t"}
        if asked.headers.get("Authorization") != "Bearer t":
            return 401, {}, {"error": {"code": "InvalidAuthenticationToken"}}
        path = asked.path.removeprefix("/v1.0")
        if path == "/$batch":
            listed = asked.json["requests"]
            assert len(listed) <= 20
            self.sizes.append(len(listed))
            answers = [{"id": each["id"], **self._one(each)} for each in listed]
            return 200, {}, {"responses": answers[::-1]}  # in any order
        one = self._one({"method": asked.method, "url": path, "body": asked.json if asked.body else None})
        return one["status"], {}, one.get("body")

    def _one(self, asked: dict[str, Any]) -> dict[str, Any]:
        if self.busy:
            self.busy -= 1
            return {"status": 429, "headers": {"Retry-After": "1"}, "body": {"error": {"code": "TooManyRequests"}}}
        parts = urllib.parse.urlsplit(asked["url"])
        steps = [urllib.parse.unquote(each) for each in parts.path.strip("/").split("/")]
        if steps == ["identity", "conditionalAccess", "policies", POLICY]:
            if asked["method"] == "PATCH":
                self.policy |= asked["body"]
                return {"status": 204}
            return {"status": 200, "body": self.policy}
        missing = {"status": 404, "body": {"error": {"code": "Request_ResourceNotFound"}}}
        if steps[0] != "users" or len(steps) < 2:
            return missing
        found = [each for each in self.users.values() if steps[1].lower() in (each["id"], each["userPrincipalName"])]
        if not found:
            return missing
        if found[0]["userPrincipalName"] in self.refuses and asked["method"] != "GET":
            return {"status": 403, "body": {"error": {"code": "Authorization_RequestDenied"}}}
        if steps[2:] == ["revokeSignInSessions"] and asked["method"] == "POST":
            found[0]["signInSessionsValidFromDateTime"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            return {"status": 200, "body": {"value": True}}
        if asked["method"] == "PATCH":
            assert asked["headers"] == {"Content-Type": "application/json"}
            found[0].update(asked["body"])
            return {"status": 204}
        return {"status": 200, "headers": {}, "body": found[0]}


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


@pytest.fixture
def settings(tenant: Tenant, tmp_path: Path) -> Iterator[EntraSettings]:
    with replies(tenant.answer) as url:
        yield EntraSettings(
            tenant="example.org", client="app", secret_file=a_secret(tmp_path / "secret", SECRET),
            domain="@example.org", policy=POLICY, graph=f"{url}/v1.0", login=url, seconds=20,
        )  # fmt: skip


def test_a_contained_account_is_enabled_again_as_it_was(tenant: Tenant, settings: EntraSettings) -> None:
    tenant.users["id-bob"]["accountEnabled"] = False
    before = copy.deepcopy(tenant.users)
    measure = a_measure("contain_account", "alice", "bob@example.org")
    changes = carried_out(CONNECTOR, settings, measure)
    assert tenant.users["id-alice"]["accountEnabled"] is False
    taken_back(CONNECTOR, settings, measure, changes)
    assert tenant.users == before


def test_a_forced_change_is_given_up_and_its_loss_is_told(tenant: Tenant, settings: EntraSettings) -> None:
    measure = a_measure("force_change", "alice")
    (change,) = carried_out(CONNECTOR, settings, measure)
    assert tenant.users["id-alice"]["passwordProfile"] == {"forceChangePasswordNextSignIn": True}
    assert change.quality == "lossy"
    assert change.loses
    taken_back(CONNECTOR, settings, measure, [change])


@pytest.mark.parametrize("action", ["end_sessions", "revoke_tokens"])
def test_sessions_are_revoked_and_not_given_back(tenant: Tenant, settings: EntraSettings, action: str) -> None:
    (change,) = carried_out(CONNECTOR, settings, a_measure(action, "alice"))
    assert (change.quality, change.undo) == ("one-way", None)
    assert tenant.users["id-alice"]["signInSessionsValidFromDateTime"] > OLD
    assert tenant.users["id-bob"]["signInSessionsValidFromDateTime"] == OLD


def test_the_policy_is_enforced_and_only_reports_again(tenant: Tenant, settings: EntraSettings) -> None:
    before = copy.deepcopy(tenant.policy)
    measure = a_measure("close_remote")
    changes = carried_out(CONNECTOR, settings, measure)
    assert tenant.policy["state"] == "enabled"
    tenant.policy["conditions"]["users"]["excludeGroups"] = []
    taken_back(CONNECTOR, settings, measure, changes)
    (change,) = planned(CONNECTOR, settings, measure)
    with pytest.raises(RefusedError, match="excludes nobody"):
        CONNECTOR.run(settings, change.do, NOW, NOW)
    tenant.policy["conditions"]["users"]["excludeGroups"] = ["g1"]
    assert tenant.policy == before
    tenant.policy["state"] = "disabled"
    with pytest.raises(RefusedError, match=CHANGED):
        CONNECTOR.run(settings, change.do, NOW, NOW)
    with pytest.raises(RefusedError, match="name no policy"):
        CONNECTOR.read(replace(settings, policy=""), measure)


def test_many_are_asked_by_twenties_and_again_where_graph_is_busy(tenant: Tenant, settings: EntraSettings) -> None:
    tenant.users = _users(50)
    tenant.busy = 3
    measure = a_measure("contain_account", *(f"u{each}" for each in range(50)))
    state = CONNECTOR.read(settings, measure)
    assert all(shape == {"enabled": True} for shape in state.values())
    assert len(state) == 50
    assert tenant.sizes == [20, 20, 13], "three of the first twenty went again with those that were left"
    carried_out(CONNECTOR, settings, measure)
    assert not any(tenant.users[f"id-u{each}"]["accountEnabled"] for each in range(50))


def test_it_does_not_wait_longer_than_it_may(tenant: Tenant, settings: EntraSettings) -> None:
    tenant.busy = 1_000
    with pytest.raises(RefusedError, match="is busy"):
        CONNECTOR.read(replace(settings, seconds=2), a_measure("contain_account", "alice"))


def test_one_that_is_refused_keeps_nobody_else(tenant: Tenant, settings: EntraSettings) -> None:
    tenant.refuses = frozenset({"alice@example.org"})
    (change,) = planned(CONNECTOR, settings, a_measure("contain_account", "alice", "bob"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, NOW, NOW)
    assert refused.value.each == {"alice": "Graph refused it (403)"}
    assert tenant.users["id-bob"]["accountEnabled"] is False
    assert planned(CONNECTOR, settings, a_measure("contain_account", "alice"))


def test_names_that_attackers_write_touch_nobody(tenant: Tenant, settings: EntraSettings) -> None:
    before = copy.deepcopy(tenant.users)
    for domain in ("@example.org", ""):
        own = replace(settings, domain=domain)
        for action in ("contain_account", "force_change", "end_sessions", "revoke_tokens"):
            (change,) = planned(CONNECTOR, own, a_measure(action, *HOSTILE))
            with pytest.raises(RefusedError) as refused:
                CONNECTOR.run(own, change.do, NOW, NOW)
            assert refused.value.each == dict.fromkeys(HOSTILE, NOBODY)
    assert tenant.users == before


def test_what_cannot_be_asked_is_told(settings: EntraSettings, tmp_path: Path) -> None:
    measure = a_measure("contain_account", "alice")
    for other, says in (
        (replace(settings, secret_file=a_secret(tmp_path / "false", "not-it")), r"does not let us in \(401\)"),
        (replace(settings, login="http://127.0.0.1:9"), "cannot be asked"),
        (replace(settings, graph="http://graph.example.org/v1.0"), "only to this machine"),
    ):
        with pytest.raises(RefusedError, match=says) as refused:
            CONNECTOR.read(other, measure)
        assert SECRET not in str(refused.value)
        assert "not-it" not in str(refused.value)
