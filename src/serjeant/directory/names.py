r"""names: what was typed, as the one name of an account.

``EXAMPLE\Ada``, ``ada@example.org``, ``Ada+list@EXAMPLE.ORG``, ``uid=ada,ou=people,dc=example,dc=org`` and ``ＡＤＡ``
are all tries at ``ada``.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

import polars as pl

_DN: Final = r"(?s)^[a-z][a-z0-9-]*=(?:[^,\\]|\\.)*(?:, *[a-z][a-z0-9-]*=(?:[^,\\]|\\.)*)+$"
_RDN: Final = r"^(?:uid|userid|cn|samaccountname|mail|userprincipalname|krbprincipalname)=([^,\\+= ]+),"
_ENTERPRISE: Final = r"^([^@\\]+)\\@([^@\\]+)@[^@\\]+$"
_GUID: Final = r"^\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}$"


def normalise(user_names: pl.Series, domains: frozenset[str]) -> pl.Series:
    r"""Names as accounts are compared.

    First NFKC and case folding; white space at both ends goes. So compatibility forms of ``@`` and ``\`` count as
    these. Then, until nothing changes:

    1. A distinguished name in a domain of ours (``uid=ada,…,dc=example,dc=org``) is its first value, where that is one
       word.
    2. ``DOMAIN\user`` is ``user``: what stands before the last backslash goes, unless nothing follows it. Kerberos'
       ``user\@domain@REALM`` is ``user@domain``.
    3. ``DOMAIN/user`` is ``user`` where the domain is ours: elsewhere it is Kerberos' ``user/instance``, which is
       another account than ``user``.
    4. ``user@domain`` is ``user`` where the domain is ours, and then ``user+tag`` is ``user`` as well. Only with
       exactly one ``@`` and something before it. Names in other domains stay whole.
    5. The braces around a GUID go.

    Ours are ``domains`` and their short names, as Windows has them: ``EXAMPLE`` for ``example.org``. Normalising twice
    is the same as once. Null stays null.

    :param user_names: what was typed
    :param domains: our own mail domains, realms and UPN suffixes, in any case
    :returns: strings, row by row
    """
    names = _folded(user_names.cast(pl.String)).str.strip_chars()
    whole = {fold(domain).strip() for domain in domains}
    own = sorted(whole | {domain.partition(".")[0] for domain in whole} - {""})
    left = names.str.contains(r"[@\\/={]").arg_true()
    while len(left):
        before = names.gather(left)
        after = _stripped(before, own)
        changed = (before != after).arg_true()
        left = left.gather(changed)
        names = names.clone().scatter(left, after.gather(changed)) if len(left) else names
    return names.alias(user_names.name)


def plain(user_names: pl.Series) -> pl.Series:
    """Names as they were typed, but for case and white space at both ends: two of a directory are two accounts."""
    return user_names.cast(pl.String).str.to_lowercase().str.strip_chars()


def fold(text: str) -> str:
    """NFKC and case folding, until neither changes anything."""
    for _ in range(3):
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


def _stripped(names: pl.Series, own: list[str]) -> pl.Series:
    """Each kind of ornament taken off once."""
    is_dn = names.str.contains(_DN)
    names = _where(names, is_dn, lambda some: _named_by(some, own))
    names = _where(names, ~is_dn & names.str.contains("\\", literal=True), _after_backslash)
    names = _where(names, names.str.contains("/", literal=True), lambda some: _after_domain(some, own))
    names = _where(names, names.str.contains("@", literal=True), lambda some: _local(some, own))
    return names.str.replace(_GUID, "${1}")


def _where(names: pl.Series, mask: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    at = mask.arg_true()
    # Scattering changes the series itself.
    return names.clone().scatter(at, change(names.gather(at))) if len(at) else names


def _named_by(dns: pl.Series, own: list[str]) -> pl.Series:
    dns = dns.str.replace_all(r", +([a-z][a-z0-9-]*=)", ",${1}")
    parts = dns.str.extract_all(r",dc=[^,\\]+")
    domain = parts.list.join("").str.replace_all(",dc=", ".", literal=True).str.strip_prefix(".")
    first = dns.str.extract(_RDN).str.strip_chars()
    frame = pl.DataFrame({"dn": dns, "domain": domain, "first": first})
    is_own = pl.col("domain").is_in(own) & (pl.col("first") != "").fill_null(value=False)
    return frame.select(pl.when(is_own).then("first").otherwise("dn")).to_series()


def _after_backslash(names: pl.Series) -> pl.Series:
    names = names.str.replace(_ENTERPRISE, "${1}@${2}")
    return names.str.replace(r"(?s)^.*\\(.+)$", "${1}").str.strip_chars()


def _after_domain(names: pl.Series, own: list[str]) -> pl.Series:
    """``DOMAIN/user`` in our own domains without the domain, the others as they are."""
    domain, user = (pl.col("whole").str.splitn("/", 2).struct.field(f"field_{n}") for n in range(2))
    user = user.str.strip_chars()
    is_own = domain.is_in(own) & (user != "").fill_null(value=False)
    return names.to_frame("whole").select(pl.when(is_own).then(user).otherwise("whole")).to_series()


def _local(addresses: pl.Series, own: list[str]) -> pl.Series:
    """Addresses in our own domains without domain and tag, the others as they are."""
    local, domain, more = (pl.col("whole").str.split_exact("@", 2).struct.field(f"field_{n}") for n in range(3))
    user = local.str.split_exact("+", 1).struct.field("field_0").str.strip_chars()
    is_own = domain.is_in(own) & more.is_null() & (local != "")
    account = pl.when(user != "").then(user).otherwise(local.str.strip_chars())
    return addresses.to_frame("whole").select(pl.when(is_own).then(account).otherwise("whole")).to_series()


def _folded(names: pl.Series) -> pl.Series:
    """``fold`` of each; nearly all names are ASCII, where lower case is the same."""
    odd = names.filter(names.str.len_bytes() != names.str.len_chars()).unique()
    lower = names.str.to_lowercase()
    if odd.is_empty():
        return lower
    folded = pl.Series([fold(name) for name in odd.to_list()], dtype=pl.String)
    return names.replace_strict(odd, folded, default=lower, return_dtype=pl.String)
