"""assess: what became of each account.

During an attack on all accounts every account "was guessed recently", so a success after guesses proves nothing
(detection notes 4.4: precision 0.3 % to 1 %). What counts is a success *from a campaign's own source*; and it counts
whenever it happened, since guessers often get in before they have failed often enough to be seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import polars as pl

from serjeant.assess.behind import behind
from serjeant.assess.everybody import Everybody
from serjeant.assess.hands import operators, visited
from serjeant.assess.odd import less, total
from serjeant.assess.strangers import strangers, undecided
from serjeant.directory.directory import Directory
from serjeant.model.assessment import Assessment, Reason
from serjeant.model.campaign import Campaign
from serjeant.model.codes import named

_ORDER: Final = {
    ("compromised", "confirmed"): 0,
    ("compromised", "probable"): 1,
    ("suspected", "confirmed"): 2,
    ("suspected", "probable"): 3,
    ("suspected", "possible"): 4,
}
_HELD: Final = {
    "policy": "it was turned away",
    "disabled": "the account was disabled",
    "locked": "the account was locked",
    "expired": "the password had expired",
}
"""What kept somebody out who had the right password, where it was no second factor."""
_SEVERAL: Final = 3
"""Campaign sources that make a network look like theirs."""

_BY_TOOL: Final = ("their tool", "a new tool", "visited")
"""Rules of ``strangers``."""
_TEXT: Final[pl.DataType] = pl.String()
_ALMOST_ALL: Final = 9
"""Campaign sources for each other one that make a network almost wholly theirs."""

ACCESSES: Final = pl.Schema(
    {
        "user": _TEXT,
        "source": _TEXT,
        "campaign": _TEXT,
        "time": pl.Datetime("us", "UTC"),
        "assessment": _TEXT,
        "certainty": _TEXT,
        "rule": _TEXT,
    }
)
"""One row for each (account, source) that somebody else got into, or nearly."""


def accesses(campaigns: Sequence[Campaign], everybody: Everybody, used: pl.DataFrame) -> pl.DataFrame:
    """Where a campaign got in.

    :param used: ``detect.lines.tools`` of the campaigns' shared sources
    :return: ``ACCESSES``
    """
    parts = [pl.DataFrame(schema=ACCESSES)]
    pairs = everybody.pairs
    seen = pairs.select("user", "source", "first_ok", "first_challenged", "first_fail")
    accused = seen.join(
        named({source for each in campaigns for source in each.sources}, pairs, "source"), on="source", how="semi"
    )
    for campaign in campaigns:
        own = accused.join(named(campaign.sources, pairs, "source"), on="source", how="semi")
        right = own.filter(pl.col("first_ok").is_not_null() | pl.col("first_challenged").is_not_null())
        first = right.group_by("user", "source").agg(pl.col("first_ok").min(), pl.col("first_challenged").min())
        got_in = first.filter(pl.col("first_ok").is_not_null())
        parts.append(_rows(got_in, campaign, "first_ok", "compromised", "confirmed", "campaign source"))
        held = first.filter(pl.col("first_ok").is_null() & pl.col("first_challenged").is_not_null())
        parts.append(_rows(held, campaign, "first_challenged", "suspected", "confirmed", "second factor held"))
        fallen = got_in.group_by("user").agg(fell=pl.col("first_ok").min())
        same = operators(campaign, fallen, everybody.used)
        parts.append(_rows(same, campaign, "first_ok", "compromised", "confirmed", "same hands"))
        taken = set(campaign.sources) | set(same["source"].to_list())
        new = strangers(campaign, taken, fallen, everybody)
        hidden, _ = behind(campaign, used, everybody)
        by_tool = pl.concat([new.select(hidden.columns), hidden])
        sure = by_tool.drop_nulls("certainty")
        for (certainty, rule), some in sure.group_by("certainty", "rule"):
            parts.append(_rows(some, campaign, "first_ok", "compromised", str(certainty), str(rule)))
        fell = pl.concat([_places(got_in), _places(sure)])
        late = visited(campaign, fell, _places(by_tool.filter(pl.col("certainty").is_null())), everybody)
        parts.append(_rows(late, campaign, "first_ok", "compromised", "probable", "visited"))
        taken |= set(new.filter(pl.col("certainty").is_not_null())["source"].to_list())
        near = _neighbours(campaign, taken, own, everybody)
        parts.append(_rows(near.filter("theirs"), campaign, "first_ok", "compromised", "probable", "their network"))
        parts.append(
            _rows(near.filter(~pl.col("theirs")), campaign, "first_ok", "suspected", "possible", "same network")
        )
    return pl.concat(parts).sort("time", "user", "source")


def _places(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(pl.col("user", "source").cast(pl.String), "first_ok")


def with_operators(campaigns: Sequence[Campaign], found: pl.DataFrame) -> tuple[Campaign, ...]:
    """The campaigns, with the sources from which the fallen accounts were used afterwards."""
    more = found.filter(pl.col("rule") == "same hands").group_by("campaign").agg(pl.col("source").unique())
    by_campaign: Mapping[str, list[str]] = dict(more.iter_rows())
    return tuple(
        replace(each, sources=tuple(sorted({*each.sources, *by_campaign.get(each.uid, [])}))) for each in campaigns
    )


def with_undecided(
    campaigns: Sequence[Campaign], found: pl.DataFrame, everybody: Everybody, used: pl.DataFrame
) -> tuple[Campaign, ...]:
    """The campaigns, with how many more fell than can be named.

    :param found: ``ACCESSES``
    :param used: ``detect.lines.tools`` of the campaigns' shared sources
    """
    told = []
    for campaign in campaigns:
        mine = found.filter(pl.col("campaign") == campaign.uid)
        other = mine.filter(~pl.col("rule").is_in(_BY_TOOL))
        sure = other.filter((pl.col("assessment") == "compromised") & (pl.col("certainty") == "confirmed"))
        fallen = sure.group_by("user").agg(fell=pl.col("time").min())
        new = strangers(campaign, set(other["source"].to_list()), fallen, everybody)
        _, hidden = behind(campaign, used, everybody)
        numbers = [it for it in (undecided(campaign, new, everybody), hidden) if it is not None]
        later = mine.filter(pl.col("rule") == "visited")["user"].n_unique()
        told.append(replace(campaign, undecided=less(total(numbers), later) if numbers else None))
    return tuple(told)


def assess(found: pl.DataFrame, lines: pl.DataFrame, directory: Directory) -> tuple[Assessment, ...]:
    """One assessment for each account above *targeted*, gravest first.

    :param found: ``ACCESSES``
    :param lines: logins of those pairs: ``user, source, time, outcome, service, log, log_offset``
    """
    reaches = {account.account: account.reaches for account in directory.accounts}
    judged = []
    for (user,), part in found.group_by("user", maintain_order=True):
        theirs = lines.filter(pl.col("user") == user)
        levels = [(level, certainty) for level, certainty in part.select("assessment", "certainty").iter_rows()]
        level, certainty = min(levels, key=lambda each: _ORDER[each])
        grave = part.filter((pl.col("assessment") == level) & (pl.col("certainty") == certainty))
        first = grave["time"].min() if level == "compromised" else None
        judged.append(
            Assessment(
                account=str(user),
                assessment=level,
                certainty=certainty,
                campaign=grave["campaign"][0],
                first_access=first if isinstance(first, datetime) else None,
                sources=tuple(sorted(grave["source"].unique())),
                reaches=reaches.get(str(user), ()),
                why=tuple(reason for row in grave.iter_rows(named=True) for reason in _reasons(row, theirs)),
            )
        )
    return tuple(
        sorted(judged, key=lambda each: (_ORDER[each.assessment, each.certainty], str(each.first_access), each.account))
    )


def _rows(
    table: pl.DataFrame, campaign: Campaign, time: str, assessment: str, certainty: str, rule: str
) -> pl.DataFrame:
    return table.select(
        "user",
        "source",
        campaign=pl.lit(campaign.uid),
        time=pl.col(time),
        assessment=pl.lit(assessment),
        certainty=pl.lit(certainty),
        rule=pl.lit(rule),
    ).cast(dict(ACCESSES))  # type: ignore[arg-type]


def _neighbours(campaign: Campaign, taken: set[str], own: pl.DataFrame, everybody: Everybody) -> pl.DataFrame:
    """First successes from a network (/24, /48) that is mostly the campaign's, by a source that nobody used before.

    :param own: the pairs of its sources
    :return: ``user, source, first_ok, theirs``: ``theirs``: the network is almost wholly the campaign's, and it had
        guessed at the account before
    """
    near = (
        everybody.lone.join(_mostly_theirs(campaign, everybody.networks), on="network")
        .filter(pl.col("first_ok") >= campaign.first_seen)
        .filter(~pl.col("source").is_in(list(taken)) & pl.col("user").is_in(list(campaign.accounts)))
    )
    tried = own.join(near.select("user").unique(), on="user", how="semi")
    guessed = tried.group_by("user").agg(guessed=pl.col("first_fail").min())
    before = pl.col("guessed").is_not_null() & (pl.col("guessed") < pl.col("first_ok"))
    return near.join(guessed, on="user", how="left").select(
        "user", "source", "first_ok", theirs=(pl.col("own") >= _ALMOST_ALL * pl.col("other")) & before
    )


def _mostly_theirs(campaign: Campaign, networks: pl.DataFrame) -> pl.DataFrame:
    """Networks in which the campaign has several sources, and more than everybody else: ``network, own, other``."""
    mine = networks.join(named(campaign.sources, networks, "source"), on="source", how="semi").drop_nulls("network")
    several = mine.group_by("network").agg(own=pl.len().cast(pl.Int64)).filter(pl.col("own") >= _SEVERAL)
    sizes = networks.join(several, on="network").group_by("network").agg(pl.col("own").first(), other=pl.len())
    sizes = sizes.with_columns(other=pl.col("other").cast(pl.Int64) - pl.col("own"))
    return sizes.filter(pl.col("own") > pl.col("other"))


def _reasons(row: Mapping[str, object], lines: pl.DataFrame) -> list[Reason]:
    """The sentences for one access, each with its line."""
    here = lines.filter(pl.col("source") == row["source"]).sort("time")
    wanted = "challenged" if row["rule"] == "second factor held" else "success"
    right = here.filter(pl.col("outcome") == wanted)
    failed = here.filter(pl.col("outcome") == "failure")
    moment = row["time"]
    when = f"{moment:%d %b %H:%M:%S} UTC" if isinstance(moment, datetime) else ""
    service = str(right["service"][0] or "a service") if len(right) else "a service"
    source, campaign = row["source"], row["campaign"]
    held = _HELD.get(str(right["reason"][0]), "the second factor held") if len(right) else "the second factor held"
    says = {
        "campaign source": f"signed in to {service} at {when} from {source}, which guesses for {campaign}",
        "same hands": f"signed in to {service} at {when} from {source}, which uses fallen accounts of {campaign} only",
        "second factor held": f"the right password came from {source} of {campaign} at {when}; {held}",
        "their tool": f"signed in to {service} at {when} from {source}, new to us, with {campaign}'s own tool",
        "behind a shared address": f"signed in to {service} at {when} from {source}, which many use, "
        f"with {campaign}'s own tool",
        "visited": f"signed in to {service} at {when} from {source} with a client that {campaign} uses; then from an "
        "address that was new, too, and came only to accounts that fell or may have",
        "a new tool": f"signed in to {service} at {when} from {source}, new to us, with a client that {campaign} uses "
        "and this account never did",
        "a new tool there": f"signed in to {service} at {when} from {source}, which many use, with a client that "
        f"{campaign} uses and this account never did",
        "their network": f"signed in to {service} at {when} from {source}, in a network almost wholly {campaign}'s",
        "same network": f"signed in to {service} at {when} from {source}, in a network of {campaign}",
    }[str(row["rule"])]
    reasons = [Reason(says, _where(right))]
    if len(failed):
        reasons.append(Reason(f"{len(failed)} failed attempts on it from {source}", _where(failed)))
    return reasons


def _where(lines: pl.DataFrame) -> str:
    return f"{lines['log'][0]}:{lines['log_offset'][0]}" if len(lines) else ""
