"""accounts: found in a directory by name, and brought from one state to another, each by itself, all in one move."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from serjeant.contain.connector import RefusedError
from serjeant.contain.ldap import Ldap
from serjeant.contain.ldap_asks import (
    ADD,
    ASSERTION_FAILED,
    DELETE,
    EXISTS,
    NO_SUCH_ATTRIBUTE,
    SIZE_LIMIT,
    SUBTREE,
    SUCCESS,
    Ask,
    Entry,
    Result,
    Values,
    equal,
    every,
    modify,
    search,
)
from serjeant.model.measure import Operation, Shape, Value, agrees

NOBODY: Final = "there is not exactly one account of that name"
CHANGED: Final = "somebody changed it meanwhile"
OURSELVES: Final = "that is the account by which Serjeant itself signs in"
_AT_ONCE: Final = 500
_STALE: Final = frozenset({NO_SUCH_ATTRIBUTE, EXISTS, ASSERTION_FAILED})


@dataclass(frozen=True, slots=True)
class Place:
    """Where accounts are.

    :param base: below which entry
    :param attribute: which holds the account's name
    :param only: a filter: what else must hold of it
    """

    base: str
    attribute: str
    only: bytes

    def entries(self, ldap: Ldap, names: Iterable[str], attributes: Sequence[str]) -> dict[str, Entry]:
        """The entry of each account; those are left out of which there is not exactly one.

        :raises RefusedError: where the directory does not let us look
        """
        names = list(names)
        shown = (self.attribute, *attributes)
        asks = [
            search(self.base, SUBTREE, every(equal(self.attribute, name), self.only), shown, limit=2) for name in names
        ]
        found = {}
        for name, result in zip(names, ldap.ask(asks), strict=True):
            if result.code not in (SUCCESS, SIZE_LIMIT):
                raise RefusedError(f"{ldap.host} does not let us search {self.base}: {result.says}")
            if len(result.entries) == 1 and self._named(result.entries[0], name):
                found[name] = result.entries[0]
        return found

    def _named(self, entry: Entry, name: str) -> bool:
        """Looks again: Samba finds alice for a name that is alice, a zero byte and whatever follows."""
        held = entry.values.get(self.attribute.lower(), ())
        return any(each.decode("utf-8", "replace").casefold() == name.casefold() for each in held)


def exchanged(attribute: str, old: str | bytes | None, new: str | bytes | None) -> list[Values]:
    """One value in the place of another, refused where the other is not there."""
    listed: list[Values] = []
    if old is not None:
        listed.append((DELETE, attribute, [_bytes(old)]))
    if new is not None:
        listed.append((ADD, attribute, [_bytes(new)]))
    return listed


def brought(
    ldap: Ldap,
    operation: Operation,
    entries: Mapping[str, Entry],
    shape: Callable[[Entry], Shape],
    change: Callable[[Entry, Mapping[str, Value]], Ask | str],
    *,
    ours: str,
) -> None:
    """Brings each account from before to after, where it still is as before.

    :param change: what to ask, of an entry and its shape after; or why not
    :param ours: the name by which we signed in ourselves
    :raises RefusedError: with why for each that was not
    """
    asks: dict[str, Ask] = {}
    failed: dict[str, str] = {}
    for name, after in operation.after.items():
        entry = entries.get(name)
        if entry is None:
            failed[name] = NOBODY
        elif entry.dn.casefold() == ours.casefold():
            failed[name] = OURSELVES
        elif agrees(found := shape(entry), after):
            continue
        elif not agrees(found, operation.before.get(name)):
            failed[name] = CHANGED
        elif isinstance(asked := change(entry, after or {}), str):
            failed[name] = asked
        else:
            asks[name] = asked
    for name, result in zip(asks, ldap.ask(list(asks.values())), strict=True):
        if result.code != SUCCESS:
            failed[name] = why(result)
    raise_for(failed, len(operation.after))


def moved(ldap: Ldap, group: str, kind: int, attribute: str, people: Mapping[str, bytes]) -> dict[str, str]:
    """Members into a group or out of it, some hundreds in one change; one by one where one of them is refused.

    :param kind: add or delete
    :param people: the value that stands for each account
    :return: why those are not that are not
    """
    failed: dict[str, str] = {}
    listed = list(people.items())
    for first in range(0, len(listed), _AT_ONCE):
        some = dict(listed[first : first + _AT_ONCE])
        (result,) = ldap.ask([modify(group, [(kind, attribute, list(some.values()))])])
        if result.code != SUCCESS:
            each = [modify(group, [(kind, attribute, [value])]) for value in some.values()]
            answers = zip(some, ldap.ask(each, window=1), strict=True)
            failed |= {name: why(answer) for name, answer in answers if answer.code != SUCCESS}
    return failed


def why(result: Result) -> str:
    """Why a change was refused, in a sentence."""
    return CHANGED if result.code in _STALE else result.says


def raise_for(failed: Mapping[str, str], of: int) -> None:
    """Tells of those that failed.

    :raises RefusedError: where there are any
    """
    if failed:
        raise RefusedError(
            f"{len(failed):,} of {of:,} were refused, the first because {next(iter(failed.values()))}", failed
        )


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
