"""describe: the figures of a campaign, from its sources and the evidence."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl

from serjeant.detect.evidence import Evidence as Tables
from serjeant.detect.targets import targets
from serjeant.directory.networks import network_of
from serjeant.model.account import Account
from serjeant.model.campaign import Campaign, Coverage, Share, Stratum
from serjeant.model.codes import named
from serjeant.model.finding import Evidence, Finding

_TIMES: Final = ("first_t", "last_t", "first_ok", "first_fail")
_COUNTS: Final = ("ok", "fail", "excused", "challenged", "refused")
_TOLD: Final = ("user", "source", "known", *_TIMES, *_COUNTS)
"""What is looked at of the pairs."""
_SETTLED: Final = timedelta(hours=20)
_SEVERAL: Final = 3
_MOST: Final = 12
_ALL: Final = 0.95
_STUFFED: Final = 50
_STRANGE: Final = (0.25, 0.9)
_STRATUM: Final = 0.80
_STRATUM_SIZE: Final = 30


def describe(sources: Sequence[str], findings: Sequence[Finding], tables: Tables) -> Campaign:
    """A campaign without a uid.

    :param sources: that the findings accuse; none where only the site as a whole speaks
    """
    # An alarm of the whole site may have been raised by others as well, who began earlier.
    accusing = [finding for finding in findings if finding.sources] if sources else findings
    first = min(finding.first_seen for finding in accusing)
    last = max(finding.last_seen for finding in accusing)
    if sources:
        told = tables.pairs.select(_TOLD)
        pairs = told.join(named(sources, told, "source"), on="source", how="semi")
        shared = _shared(pairs, findings)
        # Of a shared address only what failed since the guessing began can be the campaign's.
        theirs = (pl.col("fail") + pl.col("refused") > 0) & (pl.col("last_t") >= first)
        if shared:
            pairs = pairs.filter(~pl.col("source").is_in(shared) | theirs)
        first, last = _span(pairs.filter(~pl.col("source").is_in(shared)) if shared else pairs, first, last)
    else:
        shared = []
        events = tables.contacts.filter(
            pl.col("failed") & pl.col("orphan") & pl.col("known") & pl.col("time").is_between(first, last)
        )
        pairs = tables.pairs.join(events.select("user", "source").unique(), on=["user", "source"], how="semi")
    attempts = int(sum(pairs[name].sum() for name in _COUNTS))
    accounts = tuple(sorted(pairs.filter("known")["user"].unique()))
    accounts = _in_directory(accounts, tables)
    cells = tables.cells.join(pairs.select("source").unique(), on="source", how="semi")
    return Campaign(
        uid="",
        techniques=tuple(sorted({finding.technique for finding in findings})),
        classes=_classes(pairs, first, last),
        first_seen=first,
        last_seen=last,
        detected_at=min(finding.detected_at for finding in findings),
        attempts=attempts,
        failures=int(pairs["fail"].sum()),
        sources=tuple(sorted(set(sources) - set(shared))),
        shared_sources=tuple(shared),
        accounts=accounts,
        unknown_tried=pairs.filter(~pl.col("known"))["user"].n_unique(),
        coverage=coverage(accounts, tables.directory.accounts),
        targets=targets(pairs, tables.directory, tables.last),
        evidence=_told(findings),
        tempo=_tempo(cells),
        networks=_networks(pairs),
        tools=_shares(cells, "client"),
        services=_shares(cells, "service"),
    )


def _in_directory(accounts: tuple[str, ...], tables: Tables) -> tuple[str, ...]:
    if not tables.directory.given:
        return accounts
    known = {account.account for account in tables.directory.accounts}
    return tuple(account for account in accounts if account in known)


def _shared(pairs: pl.DataFrame, findings: Sequence[Finding]) -> list[str]:
    """Sources that carry honest people.

    Somebody had signed in there well before the source first failed, or several had well before what the findings tell
    of, or a third of all who try get in.
    """
    since = pl.DataFrame(
        [(source, finding.first_seen) for finding in findings for source in finding.sources],
        {"source": pairs.schema["source"], "since": pl.Datetime("us", "UTC")},
        orient="row",
    )
    before = pl.col("first_ok") < pl.col("since").min() - _SETTLED
    at_once = pl.col("first_fail").is_null() | (pl.col("first_ok") < pl.col("first_fail"))
    by_source = (
        pairs.join(since.group_by("source").agg(pl.col("since").min()), on="source")
        .group_by("source")
        .agg(
            settled=(pl.col("first_ok") < pl.col("first_fail").min() - _SETTLED).any(),
            residents=pl.col("user").filter(before & at_once).n_unique(),
            good=pl.col("user").filter(pl.col("ok") > 0).n_unique(),
            all=pl.col("user").n_unique(),
        )
    )
    many = (pl.col("good") >= _SEVERAL) & (pl.col("good") * 3 > pl.col("all"))
    honest = pl.col("settled") | (pl.col("residents") >= _SEVERAL) | many
    return sorted(by_source.filter(honest)["source"].to_list())


def _span(pairs: pl.DataFrame, first: datetime, last: datetime) -> tuple[datetime, datetime]:
    begins, ends = pairs["first_t"].min(), pairs["last_t"].max()
    return (
        min(first, begins) if isinstance(begins, datetime) else first,
        max(last, ends) if isinstance(ends, datetime) else last,
    )


def coverage(tried: Sequence[str], directory: Sequence[Account]) -> Coverage:
    """How much of the directory was tried, whole and by part (detection notes 4.5)."""
    hit = frozenset(tried)
    departments = _strata(directory, hit, "department")
    kinds = _strata(directory, hit, "kind")
    n = sum(account.account in hit for account in directory)
    whole = bool(directory) and n >= _ALL * len(directory)
    even = all(each.share >= _STRATUM for each in (*departments, *kinds) if each.directory >= _STRATUM_SIZE)
    return Coverage(len(directory), n if directory else len(hit), whole and even, departments, kinds)


def _strata(directory: Sequence[Account], hit: frozenset[str], by: str) -> tuple[Stratum, ...]:
    sizes: dict[str, list[int]] = {}
    for account in directory:
        counts = sizes.setdefault(getattr(account, by), [0, 0])
        counts[0] += 1
        counts[1] += account.account in hit
    ordered = sorted(sizes.items(), key=lambda item: (-item[1][0], item[0]))
    return tuple(Stratum(name, size, tried) for name, (size, tried) in ordered)


def _told(findings: Sequence[Finding]) -> tuple[Evidence, ...]:
    """One sentence for each test, of its first finding, and how many more there were."""
    told: list[Evidence] = []
    for name in sorted({finding.detector for finding in findings}):
        mine = sorted((each for each in findings if each.detector == name), key=lambda each: each.detected_at)
        first = mine[0].evidence[0]
        more = f" (1 of {len(mine):,})" if len(mine) > 1 else ""
        told.append(Evidence(name, first.says + more, {**first.figures, "findings": len(mine)}))
    return tuple(told)


def _tempo(cells: pl.DataFrame) -> tuple[tuple[datetime, int], ...]:
    hours = cells.filter(pl.col("fail") > 0).group_by("hour").agg(pl.col("fail").sum()).sort("hour")
    if not len(hours):
        return ()
    counts = dict(hours.iter_rows())
    return tuple(
        (datetime.fromtimestamp(hour * 3600, UTC), counts.get(hour, 0)) for hour in range(min(counts), max(counts) + 1)
    )


def _shares(cells: pl.DataFrame, column: str) -> tuple[Share, ...]:
    table = (
        cells.filter(pl.col(column).is_not_null())
        .group_by(column)
        .agg(n=(pl.col("fail") + pl.col("ok") + pl.col("excused")).sum())
        .sort(["n", column], descending=[True, False])
        .head(_MOST)
    )
    return tuple(Share(str(name), int(n)) for name, n in table.iter_rows())


def _networks(pairs: pl.DataFrame) -> tuple[Share, ...]:
    by_source = pairs.group_by("source").agg(n=(pl.col("fail") + pl.col("ok")).sum()).sort("source")
    table = (
        by_source.with_columns(network=network_of(by_source["source"]))
        .group_by("network")
        .agg(pl.col("n").sum())
        .sort(["n", "network"], descending=[True, False])
        .head(_MOST)
    )
    return tuple(Share(str(name), int(n)) for name, n in table.iter_rows() if name)


def _classes(pairs: pl.DataFrame, first: datetime, last: datetime) -> tuple[str, ...]:
    """Plain names of the shape (detection notes 4.3)."""
    tried = pairs.filter(pl.col("fail") > 0)
    if not len(tried):
        return ()
    days = max(1.0, (last - first) / timedelta(days=1))
    per_user = tried.group_by("user").agg(pl.col("fail").sum()).sort("fail", descending=True)
    total = int(per_user["fail"].sum())
    top = int(per_user["fail"].head(10).sum())
    rate = total / len(per_user) / days
    per_source = tried.group_by("source", pl.col("first_t").dt.date().alias("day")).agg(n=pl.col("fail").sum())
    median = per_source["n"].median()
    classes = []
    if top >= 0.8 * total and rate >= 20:
        classes.append("brute force")
    if len(per_user) >= 20 and rate <= 10:
        classes.append("password spraying")
    slow = isinstance(median, (int, float)) and median <= 15
    if slow and tried["source"].n_unique() >= 50 and days > 1:
        classes.append("slow distributed guessing")
    unknown = tried.filter(~pl.col("known"))["user"].n_unique()
    share = unknown / tried["user"].n_unique()
    # A list of somebody else's leak: each pair once, and many of its names are nobody here.
    if len(per_user) >= _STUFFED and total <= 2 * len(per_user) and _STRANGE[0] <= share <= _STRANGE[1]:
        classes.append("credential stuffing")
    elif share >= 0.5 and unknown >= 10:
        classes.append("enumeration of names")
    return tuple(classes)
