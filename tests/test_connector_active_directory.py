"""The connector to an Active Directory, tried on a Samba domain controller that this file starts."""

import base64
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from domain import BASE, PASSWORD, PEOPLE, Domain, domain
from measures import NOW, a_measure, carried_out, planned, taken_back
from serjeant.contain.accounts import CHANGED, NOBODY, OURSELVES
from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.active_directory import CONNECTOR, ActiveDirectorySettings
from serjeant.model.measure import agrees

GUESSED = "Spring2017!"
HOSTILE = [
    "*",
    "alice)(objectClass=*",
    "alice\x00",
    "alice\x00.example.org",
    "\u202eecila",
    "a" * 100_000,
    "\udcff",
    "DC1$",
    "krbtgt",
]


def _person(name: str, control: int = 512) -> str:
    password = base64.b64encode(f'"{GUESSED}"'.encode("utf-16-le")).decode()
    return (
        f"dn: CN={name},{PEOPLE}\nobjectClass: user\nsAMAccountName: {name}\nuserPrincipalName: {name}@example.lan\n"
        f"userAccountControl: {control}\nunicodePwd:: {password}\n\n"
    )


def _group(name: str, *members: str) -> str:
    listed = "".join(f"member: CN={each},{PEOPLE}\n" for each in members)
    return f"dn: CN={name},{PEOPLE}\nobjectClass: group\nsAMAccountName: {name}\n{listed}\n"


WORLD = (
    "".join(_person(each) for each in ("alice", "bob", "carol", "dave", "boss"))
    + _person("eternal", 512 | 0x10000)
    + _person("away", 514)
    + _group("inner", "boss")
    + _group("remote", "alice", "bob", "carol")
    + _group("nested", "alice", "inner")
)


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Domain]:
    with domain(tmp_path_factory.mktemp("domain"), WORLD) as it, it.inside():
        yield it


@pytest.fixture
def settings(controller: Domain) -> ActiveDirectorySettings:
    return ActiveDirectorySettings(
        url="ldaps://localhost",
        bind_dn=f"CN=Administrator,{PEOPLE}",
        password_file=str(controller.password_file),
        base=BASE,
        ca_file=str(controller.ca_file),
        remote_group=f"CN=remote,{PEOPLE}",
        seconds=10,
    )


@pytest.mark.parametrize("how", ["disable", "hours"])
def test_a_contained_account_is_kept_out_and_let_in_again(
    controller: Domain, settings: ActiveDirectorySettings, how: Literal["disable", "hours"]
) -> None:
    settings = replace(settings, how=how)
    measure = a_measure("contain_account", "alice", "away")
    before = controller.dump()
    assert controller.signs_in("alice", GUESSED) == ""
    changes = carried_out(CONNECTOR, settings, measure)
    told = controller.signs_in("alice", GUESSED)
    assert ("data 533" if how == "disable" else "data 530") in told
    assert "data 52e" in controller.signs_in("alice", "wrong"), "what the preview says that it reveals"
    assert "revoked" in controller.ticket("alice", GUESSED)
    assert controller.signs_in("bob", GUESSED) == ""
    assert all(change.reveals for change in changes)
    taken_back(CONNECTOR, settings, measure, changes)
    assert controller.dump() == before, "who was disabled before is disabled still"
    assert controller.signs_in("alice", GUESSED) == ""


def test_a_forced_change_is_asked_for_and_its_loss_is_told(
    controller: Domain, settings: ActiveDirectorySettings
) -> None:
    measure = a_measure("force_change", "bob")
    old = CONNECTOR.read(settings, measure)["bob"]
    (change,) = carried_out(CONNECTOR, settings, measure)
    assert "data 773" in controller.signs_in("bob", GUESSED)
    assert change.quality == "lossy"
    assert change.loses
    assert change.do.before["bob"] == old, "the ledger keeps how old the password was"
    taken_back(CONNECTOR, settings, measure, [change])
    assert controller.signs_in("bob", GUESSED) == ""


def test_who_changed_the_password_meanwhile_is_not_asked_again(
    controller: Domain, settings: ActiveDirectorySettings
) -> None:
    measure = a_measure("force_change", "carol")
    (change,) = carried_out(CONNECTOR, settings, measure)
    fresh = base64.b64encode('"Autumn2031?x"'.encode("utf-16-le")).decode()
    controller.change(f"dn: CN=carol,{PEOPLE}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: {fresh}\n\n")
    age = CONNECTOR.read(settings, measure)
    taken_back(CONNECTOR, settings, measure, [change])
    assert CONNECTOR.read(settings, measure) == age


def test_nobody_is_asked_to_change_a_password_that_never_expires(settings: ActiveDirectorySettings) -> None:
    (change,) = planned(CONNECTOR, settings, a_measure("force_change", "eternal"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, NOW, NOW)
    assert "never to expire" in refused.value.each["eternal"]


def test_remote_access_is_closed_to_all_but_those_who_are_spared(
    controller: Domain, settings: ActiveDirectorySettings
) -> None:
    measure = a_measure("close_remote", spares=("10.0.0.0/8", "BOB"))
    before = controller.dump()
    changes = carried_out(CONNECTOR, settings, measure)
    assert set(CONNECTOR.read(settings, measure)) == {"bob"}
    controller.change(f"dn: CN=remote,{PEOPLE}\nchangetype: modify\nadd: member\nmember: CN=dave,{PEOPLE}\n\n")
    (reopened,) = (change.undo for change in changes)
    assert reopened is not None
    CONNECTOR.run(settings, reopened.only(frozenset({"alice"})), NOW, NOW)
    assert set(CONNECTOR.read(settings, measure)) == {"alice", "bob", "dave"}, (
        "one at a time; nobody else's change is lost"
    )
    taken_back(CONNECTOR, settings, measure, changes)
    controller.change(f"dn: CN=remote,{PEOPLE}\nchangetype: modify\ndelete: member\nmember: CN=dave,{PEOPLE}\n\n")
    assert controller.dump() == before


def test_who_is_spared_is_not_locked_out_by_way_of_a_group(settings: ActiveDirectorySettings) -> None:
    nested = replace(settings, remote_group=f"CN=nested,{PEOPLE}")
    with pytest.raises(RefusedError, match=r"'boss' .* only by the group 'inner'"):
        CONNECTOR.read(nested, a_measure("close_remote", spares=("boss",)))
    (change,) = planned(CONNECTOR, nested, a_measure("close_remote", spares=("boss", "inner")))
    assert set(change.do.after) == {"alice"}
    with pytest.raises(RefusedError, match="no remote_group"):
        CONNECTOR.read(replace(settings, remote_group=""), a_measure("close_remote"))


def test_what_somebody_changed_meanwhile_is_left_alone(controller: Domain, settings: ActiveDirectorySettings) -> None:
    settings = replace(settings, how="hours")
    measure = a_measure("contain_account", "alice", "dave")
    (change,) = planned(CONNECTOR, settings, measure)
    hours = base64.b64encode(b"\xff" * 21).decode()
    controller.change(f"dn: CN=alice,{PEOPLE}\nchangetype: modify\nreplace: logonHours\nlogonHours:: {hours}\n\n")
    try:
        with pytest.raises(RefusedError) as refused:
            CONNECTOR.run(settings, change.do, NOW, NOW)
        assert refused.value.each == {"alice": CHANGED}
        state = CONNECTOR.read(settings, measure)
        assert state["alice"] == {"hours": "ff" * 21}
        assert agrees(state["dave"], change.do.after["dave"]), "the others are done all the same"
        assert change.undo is not None
        CONNECTOR.run(settings, change.undo.only(frozenset({"dave"})), NOW, NOW)
    finally:
        controller.change(f"dn: CN=alice,{PEOPLE}\nchangetype: modify\ndelete: logonHours\n\n")


def test_the_controller_itself_compares(controller: Domain, settings: ActiveDirectorySettings) -> None:
    """Between our look and our change somebody was faster."""
    from serjeant.contain.accounts import exchanged, why
    from serjeant.contain.ldap import Ldap
    from serjeant.contain.ldap_asks import modify

    before = controller.dump()
    with Ldap(settings.url, settings.bind_dn, settings.password_file, 10, settings.ca_file) as ldap:
        (result,) = ldap.ask([modify(f"CN=alice,{PEOPLE}", exchanged("userAccountControl", "66048", "66050"))])
    assert why(result) == CHANGED
    assert controller.dump() == before


def test_names_that_attackers_write_touch_nobody(controller: Domain, settings: ActiveDirectorySettings) -> None:
    before = controller.dump()
    for action in ("contain_account", "force_change"):
        (change,) = planned(CONNECTOR, settings, a_measure(action, *HOSTILE))
        with pytest.raises(RefusedError) as refused:
            CONNECTOR.run(settings, change.do, NOW, NOW)
        assert refused.value.each == dict.fromkeys(HOSTILE, NOBODY)
    assert controller.dump() == before


def test_it_does_not_lock_itself_out(controller: Domain, settings: ActiveDirectorySettings) -> None:
    own = replace(settings, bind_dn=f"cn=boss,{PEOPLE}", password_file=str(controller.folder / "own"))
    (controller.folder / "own").touch(mode=0o600)
    (controller.folder / "own").write_text(GUESSED)
    (change,) = planned(CONNECTOR, own, a_measure("contain_account", "boss"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(own, change.do, NOW, NOW)
    assert refused.value.each == {"boss": OURSELVES}


def test_who_may_not_is_told_so(controller: Domain, settings: ActiveDirectorySettings) -> None:
    (controller.folder / "weak").touch(mode=0o600)
    (controller.folder / "weak").write_text(GUESSED)
    weak = replace(settings, bind_dn=f"CN=dave,{PEOPLE}", password_file=str(controller.folder / "weak"))
    measure = a_measure("contain_account", "alice")
    (change,) = planned(CONNECTOR, weak, measure)
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(weak, change.do, NOW, NOW)
    assert "(50)" in refused.value.each["alice"]
    assert planned(CONNECTOR, settings, measure), "and nothing was done"


def test_a_controller_that_cannot_be_reached_is_told_of_in_time(
    controller: Domain, settings: ActiveDirectorySettings, tmp_path: Path
) -> None:
    measure = a_measure("contain_account", "alice")
    (controller.folder / "false").touch(mode=0o600)
    (controller.folder / "false").write_text("not-it")
    wide = tmp_path / "wide"
    wide.write_text(PASSWORD)
    wide.chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for other, says in (
            (replace(settings, url="ldaps://localhost:9", seconds=1), "cannot be reached"),
            (replace(settings, url=f"ldap://127.0.0.1:{port}", seconds=1), "does not answer within 1 s"),
            (replace(settings, ca_file=""), "not trusted"),
            (replace(settings, password_file=str(controller.folder / "false")), "does not let us in"),
            (replace(settings, password_file=str(wide)), "chmod 600"),
            (replace(settings, url="ldap://localhost"), "encryption required"),
            (replace(settings, base="DC=elsewhere"), "does not let us search"),
        ):
            began = time.monotonic()
            with pytest.raises(RefusedError, match=says) as refused:
                CONNECTOR.read(other, measure)
            assert time.monotonic() - began < 5
            assert PASSWORD not in str(refused.value)
            assert "not-it" not in str(refused.value)
