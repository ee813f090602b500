"""single: whom one name means, at once; the same as ``Directory.resolve`` of a column with that name in it.

A column costs milliseconds, however short it is. At the door, where each name comes alone, a flood of odd ones would
keep everybody waiting, and a service that waits too long lets people in unasked.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from serjeant.directory.directory import Directory
from serjeant.directory.names import fold

_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What Unicode calls white space; Python strips more."""

_DN: Final = re.compile(r"(?s)[a-z][a-z0-9-]*=(?:[^,\\]|\\.)*(?:, *[a-z][a-z0-9-]*=(?:[^,\\]|\\.)*)+\Z")
_SPACED: Final = re.compile(r", +([a-z][a-z0-9-]*=)")
_RDN: Final = re.compile(r"(?:uid|userid|cn|samaccountname|mail|userprincipalname|krbprincipalname)=([^,\\+= ]+),")
_DC: Final = re.compile(r",dc=([^,\\]+)")
_ENTERPRISE: Final = re.compile(r"([^@\\]+)\\@([^@\\]+)@[^@\\]+\Z")
_GUID: Final = re.compile(r"\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}\Z")
_ODD: Final = re.compile(r"[@\\/={]")

_KEPT: Final = 65_536
_LONGEST: Final = 256
"""Characters of a name that is worth remembering; no account has a longer one."""


def resolver(directory: Directory) -> Callable[[str], str]:
    """A function from what was typed to the account; a name that means nobody there is itself, normalised."""
    exact, loose = directory.meanings()
    own = _own(directory.domains)

    def found(typed: str) -> str:
        account = exact.get(typed.lower().strip(_SPACE))
        if account is None:
            name = _stripped_of_all(typed, own)
            account = loose.get(name, name)
        return account

    remembered = lru_cache(_KEPT)(found)
    return lambda typed: remembered(typed) if len(typed) <= _LONGEST else found(typed)


def normalised(user_name: str, domains: frozenset[str] = frozenset()) -> str:
    """``names.normalise`` of one name."""
    return _stripped_of_all(user_name, _own(domains))


def _own(domains: frozenset[str]) -> frozenset[str]:
    whole = {fold(domain).strip() for domain in domains}
    return frozenset(whole | {domain.partition(".")[0] for domain in whole} - {""})


def _stripped_of_all(name: str, own: frozenset[str]) -> str:
    name = (name.lower() if name.isascii() else fold(name)).strip(_SPACE)
    before = ""
    while name != before and _ODD.search(name):
        before, name = name, _stripped(name, own)
    return name


def _stripped(name: str, own: frozenset[str]) -> str:
    """Each kind of ornament taken off once, as ``names`` says."""
    if _DN.match(name):
        name = _named_by(name, own)
    elif "\\" in name:
        name = _ENTERPRISE.sub(r"\1@\2", name, count=1) if _ENTERPRISE.match(name) else name
        name = name[name.rfind("\\", 0, len(name) - 1) + 1 :].strip(_SPACE)
    if "/" in name:
        domain, _, user = name.partition("/")
        user = user.strip(_SPACE)
        name = user if domain in own and user else name
    if "@" in name:
        local, _, domain = name.partition("@")
        if local and domain in own:  # no domain of ours has an @ itself
            name = local.partition("+")[0].strip(_SPACE) or local.strip(_SPACE)
    guid = _GUID.match(name)
    return guid[1] if guid else name


def _named_by(dn: str, own: frozenset[str]) -> str:
    dn = _SPACED.sub(r",\1", dn)
    first = _RDN.match(dn)
    value = first[1].strip(_SPACE) if first else ""
    return value if value and ".".join(_DC.findall(dn)) in own else dn
