"""names: what was typed, as the one name of an account.

``EXAMPLE\\Ada``, ``ada@example.org``, ``Ada+list@EXAMPLE.ORG`` and ``ＡＤＡ`` are all tries at ``ada``.
"""

import unicodedata

import polars as pl


def normalise(user_names: pl.Series, domains: frozenset[str]) -> pl.Series:
    r"""Names as accounts are compared.

    In this order:

    1. NFKC and case folding; white space at both ends goes. So compatibility forms of ``@`` and ``\`` count as these.
    2. ``DOMAIN\user`` is ``user``: what stands before the last backslash goes, unless nothing follows it.
    3. ``user@domain`` is ``user`` when the domain is one of ``domains``, and then ``user+tag`` is ``user`` as well.
       Only with exactly one ``@`` and something before it. Names in other domains stay whole.

    Normalising twice is the same as once. Null stays null.

    :param user_names: what was typed
    :param domains: our own mail domains, in any case
    :returns: strings, row by row
    """
    names = _folded(user_names.cast(pl.String)).str.strip_chars()
    with_domain = names.str.contains("\\", literal=True).arg_true()
    if len(with_domain):
        names = names.scatter(with_domain, _after_backslash(names.gather(with_domain)))
    addresses = names.str.contains("@", literal=True).arg_true()
    if len(addresses):
        own = frozenset(fold(domain).strip() for domain in domains)
        names = names.scatter(addresses, _local(names.gather(addresses), own))
    return names.alias(user_names.name)


def fold(text: str) -> str:
    """NFKC and case folding, until neither changes anything."""
    for _ in range(3):
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


def _after_backslash(names: pl.Series) -> pl.Series:
    return names.str.replace(r"(?s)^.*\\(.+)$", "${1}").str.strip_chars()


def _local(addresses: pl.Series, own: frozenset[str]) -> pl.Series:
    """Addresses in our own domains without domain and tag, the others as they are."""
    local, domain, more = (pl.col("whole").str.split_exact("@", 2).struct.field(f"field_{n}") for n in range(3))
    user = local.str.split_exact("+", 1).struct.field("field_0").str.strip_chars()
    is_own = domain.is_in(sorted(own)) & more.is_null() & (local != "")
    account = pl.when(user != "").then(user).otherwise(local)
    return addresses.to_frame("whole").select(pl.when(is_own).then(account).otherwise("whole")).to_series()


def _folded(names: pl.Series) -> pl.Series:
    """``fold`` of each; nearly all names are ASCII, where lower case is the same."""
    odd = names.filter(names.str.len_bytes() != names.str.len_chars()).unique()
    lower = names.str.to_lowercase()
    if odd.is_empty():
        return lower
    folded = pl.Series([fold(name) for name in odd.to_list()], dtype=pl.String)
    return names.replace_strict(odd, folded, default=lower, return_dtype=pl.String)
