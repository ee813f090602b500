"""Elastic Security: searches every few minutes, for one address, for one account, and for the whole site.

Read from elastic/detection-rules (its licence lets nobody copy; these are its numbers in our words): in
``rules/integrations/okta``, ``credential_access_okta_`` ``password_spray_single_source`` (at 0664b1e),
``password_spray_multi_source`` and ``credential_stuffing_single_source`` (at 0972ffa) and ``brute_force_multi_source``
(at 0475804); in ``rules/integrations/azure``, ``credential_access_entra_id_brute_force_activity`` (at 04cc205); in
``rules/linux``, ``credential_access_potential_password_spraying_attack`` (at 003110e). A rule that names no interval
runs every 5 minutes. The kind of an error is the reason here, and the wider network of an address stands for its
operator. Okta's own ThreatInsight publishes no rule: what is known of Okta is what others search for in its log.
"""

from typing import Final

import polars as pl

from serjeant.proving.counting import anew, at_runs, due, failures, network
from serjeant.proving.rival import Rival, alarms

ADDRESS: Final = ["source", "address"]


def spray(logins: pl.DataFrame) -> pl.DataFrame:
    """Within an hour, several accounts from one address, a few tries each, and not all at once."""
    found = _by_address(failures(logins), "15m", "1h", 4, least=5).filter(
        pl.col("users") >= 5,
        pl.col("n") >= 15,
        pl.col("most").is_between(2, 8),
        pl.col("band") / pl.col("users") >= 0.6,
        pl.col("last") - pl.col("first") >= pl.duration(minutes=5),
    )
    return alarms(anew(found, ADDRESS, "15m").with_columns(time="run"), "elastic-okta-spray")


def stuffing(logins: pl.DataFrame) -> pl.DataFrame:
    """Within 15 minutes, many accounts from one address, once or twice each."""
    found = _by_address(failures(logins), "5m", "15m", 3, least=15).filter(
        pl.col("n") >= 25, pl.col("users") >= 15, pl.col("most") <= 2
    )
    return alarms(anew(found, ADDRESS, "5m").with_columns(time="run"), "elastic-okta-stuffing")


def spray_many(logins: pl.DataFrame) -> pl.DataFrame:
    """In a quarter of an hour, many accounts from several addresses."""
    found = _site(failures(logins), "15m").filter(
        pl.col("addresses") >= 5,
        pl.col("users") >= 8,
        pl.col("n") >= 25,
        pl.col("n") <= 5 * pl.col("users"),
        pl.col("users") >= pl.col("addresses"),
    )
    return alarms(found.select(time=pl.col("window").dt.offset_by("15m")), "elastic-okta-spray-multi")


def one_account(logins: pl.DataFrame) -> pl.DataFrame:
    """Within half an hour, one account from many addresses."""
    rows = failures(logins).filter(pl.col("user").is_not_null())
    rows = rows.filter(pl.col("address").n_unique().over("user") >= 5)
    found = (
        at_runs(rows, "5m", "30m", 6)
        .group_by("user", "run")
        .agg(
            n=pl.len(),
            addresses=pl.col("address").n_unique(),
            networks=network().n_unique(),
            clients=pl.col("client").drop_nulls().n_unique(),
        )
        .filter(
            pl.col("addresses") >= 5,
            pl.col("n") >= 10,
            (pl.col("networks") >= 3) | (pl.col("addresses") >= 8) | (pl.col("clients") >= 3),
        )
    )
    return alarms(anew(found, ["user"], "5m").select(time="run", account="user"), "elastic-okta-brute-force")


def entra(logins: pl.DataFrame) -> pl.DataFrame:
    """In 5 minutes, over the whole site: many accounts of few kinds of error, one account, or many addresses."""
    users, n, kinds, addresses = (pl.col(name) for name in ("users", "n", "kinds", "addresses"))
    stuffed = (users >= 8) & (n >= 15) & (kinds <= 3) & (addresses >= 5)
    sprayed = (users >= 15) & (kinds == 1) & (n >= 10)
    guessed = ((users == 1) & (kinds == 1) & (n >= 30)) | ((addresses > 30) & (n >= 100))
    heard = failures(logins).filter(pl.col("reason").ne_missing("locked"))
    found = _site(heard, "5m").filter(stuffed | sprayed | guessed)
    return alarms(found.select(time=due(pl.col("window").dt.offset_by("5m"), "1h")).unique(), "elastic-entra")


def ssh(logins: pl.DataFrame) -> pl.DataFrame:
    """In 5 minutes, many names from one address by SSH."""
    found = (
        failures(logins)
        .filter(pl.col("service") == "ssh")
        .group_by(*ADDRESS, window=pl.col("time").dt.truncate("5m"))
        .agg(n=pl.len(), users=pl.col("user").n_unique())
        .filter(pl.col("users") > 10, pl.col("n") >= 30)
    )
    return alarms(found.with_columns(time=pl.col("window").dt.offset_by("5m")), "elastic-ssh-spray")


def _by_address(rows: pl.DataFrame, every: str, back: str, runs: int, least: int) -> pl.DataFrame:
    """By run and address: failures, accounts, the most tries at one, how many had 2 to 6, and from when to when.

    :param least: accounts that an address must have failed at to be looked at
    """
    many = rows.filter(pl.col("user").n_unique().over("address") >= least)
    by_user = (
        at_runs(many, every, back, runs)
        .group_by(*ADDRESS, "run", "user")
        .agg(n=pl.len(), first=pl.col("time").min(), last=pl.col("time").max())
    )
    return by_user.group_by(*ADDRESS, "run").agg(
        pl.col("first").min(),
        pl.col("last").max(),
        users=pl.len(),
        most=pl.col("n").max(),
        band=pl.col("n").is_between(2, 6).sum(),
        n=pl.col("n").sum(),
    )


def _site(rows: pl.DataFrame, span: str) -> pl.DataFrame:
    return rows.group_by(window=pl.col("time").dt.truncate(span)).agg(
        n=pl.len(),
        users=pl.col("user").n_unique(),
        addresses=pl.col("address").n_unique(),
        kinds=pl.col("reason").n_unique(),
    )


_PRODUCT: Final = "Elastic Security"
_REPO: Final = "elastic/detection-rules: rules"
_OKTA: Final = f"{_REPO}/integrations/okta/credential_access_okta"

RIVALS: Final = (
    Rival(
        "elastic-okta-spray",
        _PRODUCT,
        f"{_OKTA}_password_spray_single_source.toml at 0664b1e",
        "from one address in an hour 15 failures at 5 accounts, 2 to 6 tries at 60 % of them and no more than 8 at any "
        "one, over 5 min or more; every 15 min",
        spray,
    ),
    Rival(
        "elastic-okta-spray-multi",
        _PRODUCT,
        f"{_OKTA}_password_spray_multi_source.toml at 0972ffa",
        "on the whole site in 15 min 25 failures at 8 accounts from 5 addresses, no more than 5 an account and no more "
        "addresses than accounts",
        spray_many,
    ),
    Rival(
        "elastic-okta-stuffing",
        _PRODUCT,
        f"{_OKTA}_credential_stuffing_single_source.toml at 0972ffa",
        "from one address in 15 min 25 failures at 15 accounts, no more than 2 at any; every 5 min",
        stuffing,
    ),
    Rival(
        "elastic-okta-brute-force",
        _PRODUCT,
        f"{_OKTA}_brute_force_multi_source.toml at 0475804",
        "at one account in 30 min 10 failures from 5 addresses of 3 networks or with 3 clients, or from 8; every 5 min",
        one_account,
    ),
    Rival(
        "elastic-entra",
        _PRODUCT,
        f"{_REPO}/integrations/azure/credential_access_entra_id_brute_force_activity.toml at 04cc205",
        "on the whole site in 5 min 15 failures at 8 accounts from 5 addresses with at most 3 kinds of error, or 15 "
        "accounts with one kind, or 30 failures at a single account, or 100 from more than 30 addresses; once an hour",
        entra,
    ),
    Rival(
        "elastic-ssh-spray",
        _PRODUCT,
        f"{_REPO}/linux/credential_access_potential_password_spraying_attack.toml at 003110e",
        "more than 10 names in 30 failures by SSH from one address in 5 min",
        ssh,
    ),
)
