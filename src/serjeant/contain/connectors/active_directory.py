"""active_directory: accounts of a domain that are contained, must change their password, or lose remote access.

Each change names the value that it replaces, so that a domain controller refuses it where somebody was faster.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from serjeant.contain.accounts import NOBODY, Place, brought, exchanged, moved, raise_for
from serjeant.contain.connector import Connector, RefusedError, wanted
from serjeant.contain.ldap import Ldap
from serjeant.contain.ldap_asks import (
    ADD,
    DELETE,
    Ask,
    Entry,
    Values,
    by_rule,
    equal,
    every,
    modify,
    none,
    some,
)
from serjeant.model.measure import Change, Measure, Operation, Shape, State, Value

_DISABLED: Final = 0x2
_NEVER_EXPIRES: Final = 0x10000
_NO_HOURS: Final = bytes(21).hex()
_CRITICAL: Final = equal("isCriticalSystemObject", "TRUE")
_PEOPLE: Final = every(equal("objectClass", "user"), none(equal("objectClass", "computer")), none(_CRITICAL))
"""Who may be touched: neither a machine, nor what the domain itself needs (krbtgt, Administrator, Guest)."""
_ANYTHING: Final = some(equal("objectClass", "user"), equal("objectClass", "group"))
_IN_CHAIN: Final = "1.2.840.113556.1.4.1941"
_ATTRIBUTES: Final = ("userAccountControl", "logonHours", "pwdLastSet")

_REVEALS: Final = {
    "disable": "who knows the password of such an account is told that it is disabled (LDAP: data 533); to a wrong "
    "password it is told that it is wrong",
    "hours": "who knows the password of such an account is told that he may not sign in at this hour (LDAP: data 530); "
    "to a wrong password it is told that it is wrong",
    "force_change": "who knows the password of such an account is told that it must be changed (LDAP: data 773), and "
    "may be able to change it: contain the account too",
}
_WANTED: Final[Mapping[str, tuple[Shape, str]]] = {
    "disable": ({"disabled": True}, "disables {n} accounts"),
    "hours": ({"hours": _NO_HOURS}, "leaves {n} accounts no hour to sign in"),
    "force_change": ({"must_change": True}, "makes the owners of {n} accounts change their password"),
}
_LOSES: Final = "how old the password is: it counts as set at the moment of the undo"


@dataclass(frozen=True, slots=True)
class ActiveDirectorySettings:
    """Where the domain controller is and who we are there."""

    url: str = field(metadata={"help": "ldaps://dc1.example.org; ldap:// means StartTLS"})
    bind_dn: str = field(metadata={"help": "the account by which Serjeant signs in"})
    password_file: str = field(metadata={"help": "a file with its password, readable by its owner only"})
    base: str = field(metadata={"help": "below which entry the accounts are, as DC=example,DC=org"})
    ca_file: str = field(default="", metadata={"help": "certificates to trust in the place of the system's"})
    attribute: str = field(default="sAMAccountName", metadata={"help": "which attribute holds the account's name"})
    how: Literal["disable", "hours"] = field(
        default="disable", metadata={"help": "how an account is contained: disabled, or without any logon hour"}
    )
    remote_group: str = field(
        default="", metadata={"help": "the group, by its DN, whose members may sign in from outside"}
    )
    seconds: float = field(default=30.0, metadata={"help": "how long one move may take"})


def read(settings: ActiveDirectorySettings, measure: Measure) -> State:
    """What the directory says of the accounts; for remote access, who is in the group."""
    with _signed_in(settings) as ldap:
        if measure.action == "close_remote":
            return _members(ldap, settings, measure.spares)
        entries = _place(settings, _PEOPLE).entries(ldap, measure.subjects, _ATTRIBUTES)
    key = _key(settings, measure.action)
    return {name: _shape(key, entries[name]) if name in entries else None for name in measure.subjects}


def changes(settings: ActiveDirectorySettings, measure: Measure, state: State) -> list[Change]:
    """Which accounts are to be changed."""
    if measure.action == "close_remote":
        spared = {each.casefold() for each in measure.spares}
        out: dict[str, Shape] = {name: None for name in state if name.casefold() not in spared}
        return wanted(measure, state, out, "takes {n} accounts out of the group for remote access")
    key = _key(settings, measure.action)
    after, says = _WANTED[key]
    listed = wanted(measure, state, dict.fromkeys(measure.subjects, after), says)
    if key != "force_change":
        return [replace(each, reveals=_REVEALS[key]) for each in listed]
    back: Shape = {"must_change": False}
    return [
        replace(
            each,
            undo=Operation(each.do.after, dict.fromkeys(each.do.after, back), measure.action),
            quality="lossy",
            loses=_LOSES,
            reveals=_REVEALS[key],
        )
        for each in listed
    ]


def run(settings: ActiveDirectorySettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Brings the accounts there, each by a change that names what it replaces."""
    with _signed_in(settings) as ldap:
        if operation.verb == "close_remote":
            _move(ldap, settings, operation)
            return
        names = {
            name for state in (operation.before, operation.after) for shape in state.values() for name in shape or ()
        }
        key = next(each for each, named in _NAMED.items() if named in names)
        entries = _place(settings, _PEOPLE).entries(ldap, operation.after, _ATTRIBUTES)
        brought(
            ldap,
            operation,
            entries,
            lambda entry: _shape(key, entry),
            lambda entry, after: _change(key, entry, after),
            ours=settings.bind_dn,
        )


_NAMED: Final = {"disable": "disabled", "hours": "hours", "force_change": "must_change"}


def _key(settings: ActiveDirectorySettings, action: str) -> str:
    return settings.how if action == "contain_account" else action


def _shape(key: str, entry: Entry) -> Shape:
    control = int(entry.text("userAccountControl") or 0)
    match key:
        case "disable":
            return {"disabled": bool(control & _DISABLED)}
        case "hours":
            hours = entry.values.get("logonhours")
            return {"hours": hours[0].hex() if hours else None}
        case _:
            last = int(entry.text("pwdLastSet") or 0)
            return {"must_change": last == 0 and not control & _NEVER_EXPIRES, "pwdLastSet": last}


def _change(key: str, entry: Entry, after: Mapping[str, Value]) -> Ask | str:
    control = int(entry.text("userAccountControl") or 0)
    listed: list[Values]
    match key:
        case "disable":
            new = control | _DISABLED if after["disabled"] else control & ~_DISABLED
            listed = exchanged("userAccountControl", str(control), str(new))
        case "hours":
            old = entry.values.get("logonhours", (None,))[0]
            hours = after["hours"]
            listed = exchanged("logonHours", old, bytes.fromhex(hours) if isinstance(hours, str) else None)
        case _ if control & _NEVER_EXPIRES:
            return "its password is set never to expire, so that nobody is asked to change it"
        case _:
            listed = exchanged("pwdLastSet", entry.text("pwdLastSet"), "0" if after["must_change"] else "-1")
    return modify(entry.dn, listed)


def _members(ldap: Ldap, settings: ActiveDirectorySettings, spares: tuple[str, ...]) -> State:
    """Those who are in the group themselves; refused where somebody is spared who is in it only by another group."""
    if not settings.remote_group:
        raise RefusedError("the settings name no remote_group, so that remote access cannot be closed here")
    place = _place(settings, _ANYTHING)
    found = ldap.paged(settings.base, equal("memberOf", settings.remote_group), (settings.attribute, "objectClass"))
    members = {name: entry for entry in found if (name := entry.text(settings.attribute)) is not None}
    known, spared = {name.casefold() for name in members}, {each.casefold() for each in spares}
    people = [each for each in spares if "/" not in each and each.casefold() not in known]
    for name, entry in members.items():
        if b"group" not in entry.values.get("objectclass", ()) or name.casefold() in spared:
            continue
        inside = replace(place, only=every(_PEOPLE, by_rule("memberOf", _IN_CHAIN, entry.dn)))
        for person in inside.entries(ldap, people, ("cn",)):
            raise RefusedError(
                f"{person!a} may sign in from outside only by the group {name!a}: make it a member itself"
            )
    return {name: {"member": True} for name in members}


def _move(ldap: Ldap, settings: ActiveDirectorySettings, operation: Operation) -> None:
    """Members out of the group, or in again: those who are not so yet."""
    entries = _place(settings, _ANYTHING).entries(ldap, operation.after, ("memberOf",))
    failed = {name: NOBODY for name in operation.after if name not in entries}
    for kind in (DELETE, ADD):
        going = {
            name: entry.dn.encode()
            for name, entry in entries.items()
            if (operation.after[name] is not None) == (kind == ADD) and _is_in(entry, settings) != (kind == ADD)
        }
        failed |= moved(ldap, settings.remote_group, kind, "member", going)
    raise_for(failed, len(operation.after))


def _is_in(entry: Entry, settings: ActiveDirectorySettings) -> bool:
    group = settings.remote_group.casefold()
    return any(each.decode("utf-8", "replace").casefold() == group for each in entry.values.get("memberof", ()))


def _place(settings: ActiveDirectorySettings, only: bytes) -> Place:
    return Place(settings.base, settings.attribute, only)


def _signed_in(settings: ActiveDirectorySettings) -> Ldap:
    return Ldap(settings.url, settings.bind_dn, settings.password_file, settings.seconds, settings.ca_file)


CONNECTOR = Connector(
    name="active_directory",
    actions=("contain_account", "force_change", "close_remote"),
    settings=ActiveDirectorySettings,
    read=read,
    changes=changes,
    run=run,
    proven="tried against a Samba AD domain controller over TLS; not against Windows Server",
    seconds=120,
)
