"""openldap: accounts that are locked, or must change their password, by the overlay ppolicy; a group for remote access.

Each change names the value that it replaces, so that the directory refuses it where somebody was faster.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from serjeant.contain.accounts import NOBODY, Place, brought, exchanged, moved, raise_for
from serjeant.contain.connector import Connector, RefusedError, wanted
from serjeant.contain.ldap import Ldap
from serjeant.contain.ldap_asks import ADD, BASE, DELETE, SUCCESS, Ask, Entry, Result, modify, present, search
from serjeant.model.measure import Change, Measure, Operation, Shape, State, Value

_FOR_EVER: Final = "000001010000Z"
_ANYTHING: Final = present("objectClass")
_WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "contain_account": ("pwdAccountLockedTime", _FOR_EVER, "locks {n} accounts"),
    "force_change": ("pwdReset", "TRUE", "makes the owners of {n} accounts change their password"),
}
_REVEALS: Final = (
    "who knows the password of such an account gets in so far that he is told to change it, and may be able to: "
    "contain the account too"
)


@dataclass(frozen=True, slots=True)
class OpenldapSettings:
    """Where the directory is and who we are there."""

    url: str = field(metadata={"help": "ldaps://host, ldap://host (StartTLS), or ldapi:///path of the socket"})
    base: str = field(metadata={"help": "below which entry the accounts are, as ou=people,dc=example,dc=org"})
    bind_dn: str = field(
        default="", metadata={"help": "by whom Serjeant signs in; whom the system says we are, over ldapi"}
    )
    password_file: str = field(default="", metadata={"help": "a file with its password, readable by its owner only"})
    ca_file: str = field(default="", metadata={"help": "certificates to trust in the place of the system's"})
    attribute: str = field(default="uid", metadata={"help": "which attribute holds the account's name"})
    remote_group: str = field(
        default="", metadata={"help": "the group, by its DN, whose members may sign in from outside"}
    )
    remote_attribute: str = field(
        default="member", metadata={"help": "which attribute of it holds the members: member (DNs) or memberUid"}
    )
    seconds: float = field(default=30.0, metadata={"help": "how long one move may take"})


def read(settings: OpenldapSettings, measure: Measure) -> State:
    """What the directory says of the accounts; for remote access, who is in the group."""
    with _signed_in(settings) as ldap:
        if measure.action == "close_remote":
            return {name: {"member": True} for name in _members(ldap, settings)}
        attribute, _, _ = _WORDS[measure.action]
        entries = _place(settings).entries(ldap, measure.subjects, (attribute,))
    return {name: {attribute: entries[name].text(attribute)} if name in entries else None for name in measure.subjects}


def changes(settings: OpenldapSettings, measure: Measure, state: State) -> list[Change]:
    """Which accounts are to be changed."""
    if measure.action == "close_remote":
        spared = {each.casefold() for each in measure.spares}
        out: dict[str, Shape] = {name: None for name in state if name.casefold() not in spared}
        return wanted(measure, state, out, "takes {n} accounts out of the group for remote access")
    attribute, value, says = _WORDS[measure.action]
    shape: Shape = {attribute: value}
    listed = wanted(measure, state, dict.fromkeys(measure.subjects, shape), says)
    return [replace(each, reveals=_REVEALS) for each in listed] if measure.action == "force_change" else listed


def run(settings: OpenldapSettings, operation: Operation, ends: datetime, now: datetime) -> None:
    """Brings the accounts there, each by a change that names what it replaces."""
    with _signed_in(settings) as ldap:
        if operation.verb == "close_remote":
            _move(ldap, settings, operation)
            return
        attribute, _, _ = _WORDS[operation.verb]
        entries = _place(settings).entries(ldap, operation.after, (attribute,))

        def change(entry: Entry, after: Mapping[str, Value]) -> Ask | str:
            new = after.get(attribute)
            return modify(entry.dn, exchanged(attribute, entry.text(attribute), new if isinstance(new, str) else None))

        brought(
            ldap,
            operation,
            entries,
            lambda entry: {attribute: entry.text(attribute)},
            change,
            ours=settings.bind_dn,
        )


def _members(ldap: Ldap, settings: OpenldapSettings) -> dict[str, bytes]:
    """The account of each member, and the value that stands for it; a member that is no account by that value."""
    if not settings.remote_group:
        raise RefusedError("the settings name no remote_group, so that remote access cannot be closed here")
    (group,) = ldap.ask([search(settings.remote_group, BASE, _ANYTHING, (settings.remote_attribute,))])
    if group.code != SUCCESS or not group.entries:
        raise RefusedError(f"{ldap.host} shows no group {settings.remote_group}: {group.says}")
    values = group.entries[0].values.get(settings.remote_attribute.lower(), ())
    if settings.remote_attribute.lower() == "memberuid":
        return {_text(value): value for value in values}
    asks = [search(_text(value), BASE, _ANYTHING, (settings.attribute,)) for value in values]
    return {_account(answer, value, settings): value for value, answer in zip(values, ldap.ask(asks), strict=True)}


def _account(answer: Result, value: bytes, settings: OpenldapSettings) -> str:
    name = answer.entries[0].text(settings.attribute) if answer.entries else None
    return _text(value) if name is None else name


def _move(ldap: Ldap, settings: OpenldapSettings, operation: Operation) -> None:
    """Members out of the group, or in again: those who are not so yet."""
    members = _members(ldap, settings)
    out = {name: members[name] for name, shape in operation.after.items() if shape is None and name in members}
    back = [name for name, shape in operation.after.items() if shape is not None and name not in members]
    failed = moved(ldap, settings.remote_group, DELETE, settings.remote_attribute, out)
    if settings.remote_attribute.lower() == "memberuid":
        values = {name: name.encode("utf-8", "surrogateescape") for name in back}
    else:
        found = _place(settings).entries(ldap, back, ("1.1",))
        values = {name: found[name].dn.encode("utf-8", "surrogateescape") for name in back if name in found}
        failed |= {name: NOBODY for name in back if name not in found}
    failed |= moved(ldap, settings.remote_group, ADD, settings.remote_attribute, values)
    raise_for(failed, len(operation.after))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _place(settings: OpenldapSettings) -> Place:
    return Place(settings.base, settings.attribute, _ANYTHING)


def _signed_in(settings: OpenldapSettings) -> Ldap:
    return Ldap(settings.url, settings.bind_dn, settings.password_file, settings.seconds, settings.ca_file)


CONNECTOR = Connector(
    name="openldap",
    actions=("contain_account", "force_change", "close_remote"),
    settings=OpenldapSettings,
    read=read,
    changes=changes,
    run=run,
    proven="tried against OpenLDAP 2.5 with the overlay ppolicy",
    seconds=120,
)
