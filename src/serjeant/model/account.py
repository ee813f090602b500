"""account: an identity of the directory."""

from dataclasses import dataclass

KINDS = ("person", "service", "shared", "decoy")
"""What stands behind an account. *shared*: a mailbox or role without a person of its own.
*decoy*: an account that nobody uses, so that whoever tries it has the list."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the directory knows it.

    :param account: its identity, normalised (see ``directory.names.normalise``); unique
    :param aliases: other names under which it signs in
    :param department: where it belongs; empty when not known
    :param kind: one of ``KINDS``
    :param enabled: may sign in
    :param reaches: accounts, mailboxes and roles that it opens, itself left out
    """

    account: str
    aliases: tuple[str, ...] = ()
    department: str = ""
    kind: str = "person"
    enabled: bool = True
    reaches: tuple[str, ...] = ()
