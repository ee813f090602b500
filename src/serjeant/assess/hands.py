"""hands: addresses that use accounts which fell, and nobody else's: whoever reads the mail comes to several of them."""

from typing import Final

import polars as pl

from serjeant.assess.everybody import Everybody
from serjeant.model.campaign import Campaign
from serjeant.model.codes import named

_OPERATOR: Final = 2
"""Fallen accounts that a source must have signed in to, and no others, to be taken for the same crew's."""
_OPEN: Final = 3
"""The same, where of none of them it is known that it fell."""
_SURE: Final = 0.8


def operators(campaign: Campaign, fallen: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """Sources that signed in to several fallen accounts after they fell, and never to any other.

    :param fallen: ``user, fell``
    :param used: ``user, source, first_ok``
    """
    seen = used.join(fallen, on="user", how="semi").select("source").unique()
    others = used.join(seen, on="source", how="semi")
    others = others.join(named(campaign.sources, used, "source"), on="source", how="anti")
    others = others.join(fallen, on="user", how="left")
    after = pl.col("fell").is_not_null() & (pl.col("first_ok") >= pl.col("fell"))
    hands = (
        others.group_by("source").agg(only=after.all(), n=pl.len()).filter(pl.col("only") & (pl.col("n") >= _OPERATOR))
    )
    return others.join(hands, on="source", how="semi")


def visited(campaign: Campaign, sure: pl.DataFrame, open_: pl.DataFrame, everybody: Everybody) -> pl.DataFrame:
    """Of the sign-ins that may be anybody's, those to accounts that were used together afterwards.

    So many addresses, new since the campaign began, served so many accounts; that all of these would be among the few
    that fell, or may have, has a small chance each. Held against it is how many there are.

    :param sure: ``user, source, first_ok``: accounts that fell
    :param open_: the same, of which that is not known
    :return: rows of ``open_``
    """
    open_ = open_.join(sure, on="user", how="anti")
    if not len(open_):
        return open_
    pool = pl.concat([each.with_columns(known=pl.lit(value)) for each, value in ((sure, True), (open_, False))])
    fell = pool.group_by("user").agg(fell=pl.col("first_ok").min(), known=pl.col("known").any())
    used = everybody.used.with_columns(pl.col("user", "source").cast(pl.String))
    begins = pl.col("first_ok").min().over("source")
    new = used.filter(begins >= campaign.first_seen).join(fell, on="user", how="left")
    after = (pl.col("fell").is_not_null() & (pl.col("first_ok") > pl.col("fell"))).all()
    places = new.group_by("source").agg(n=pl.len(), known=pl.col("known").sum(), only=after)
    places = places.filter(pl.col("n") >= _OPERATOR).join(pool.select("source"), on="source", how="anti")
    share = len(fell) / max(1, used["user"].n_unique())
    together = places.group_by("n").agg(chance=pl.len() * share ** pl.col("n").first(), seen=pl.col("only").sum())
    enough = (pl.col("known") > 0) | (pl.col("n") >= _OPEN)
    sure_of = 1 - pl.col("chance") / pl.col("seen") >= _SURE
    hands = places.join(together, on="n").filter(pl.col("only") & enough & sure_of)
    theirs = new.join(hands, on="source", how="semi").select("user").unique()
    return open_.join(theirs, on="user", how="semi")
