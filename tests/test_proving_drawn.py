"""The drawn worlds of the proving ground: labels that are right by construction, counted here by other means."""

from datetime import datetime, timedelta
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from serjeant.directory.directory import Directory
from serjeant.errors import UsageError
from serjeant.model.account import Account
from serjeant.proving.drawn import LABELLED, Drawn, draw
from serjeant.proving.matrix import ADVERSARIES, ATTACKS, CONFOUNDERS, worlds
from serjeant.proving.networks import OFFICE_NATS

ACCOUNTS = 600
SHARING = ("A5", "A11", "A12")
"""Attacks of which some addresses are honest people's too."""


@cache
def drawn(name: str, seed: int = 0, accounts: int = ACCOUNTS, days: int = 28) -> Drawn:
    return draw(name, seed, accounts, days, fingerprints=True)


def guessed(name: str, seed: int = 0) -> pl.DataFrame:
    """All that the crew did but for reading what it had opened."""
    return drawn(name, seed).logins.filter(pl.col("actor") == "attack", pl.col("phase") != "access")


def per_source(table: pl.DataFrame) -> pl.Series:
    return table.group_by("source").len()["len"]


def number(value: object) -> float:
    assert isinstance(value, int | float)
    return value


def begin(table: pl.DataFrame) -> datetime:
    time = table["time"].min()
    assert isinstance(time, datetime)
    return time


def end(table: pl.DataFrame) -> datetime:
    time = table["time"].max()
    assert isinstance(time, datetime)
    return time


def span(table: pl.DataFrame) -> timedelta:
    return end(table) - begin(table)


def midday(table: pl.DataFrame) -> float:
    return number(table["time"].dt.hour().is_between(7, 17).mean())


# all worlds


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(worlds()), st.integers(0, 10_000), st.booleans())
def test_every_world_keeps_the_contract(name: str, seed: int, fingerprints: bool) -> None:
    world = draw(name, seed, 240, 12, fingerprints=fingerprints)
    logins = world.logins
    assert logins.schema == LABELLED
    assert logins["time"].is_sorted()
    assert logins["account"].drop_nulls().is_in(world.accounts["account"].to_list()).all()
    assert logins.filter(outcome="success")["account"].null_count() == 0
    assert (
        logins.filter(reason="unknown_account")["account"].null_count()
        == logins.filter(reason="unknown_account").height
    )
    crews = {"A", "B"} if name.endswith("crews") else {"A"} if name != "clean" else set()
    assert set(logins.filter(actor="attack")["crew"]) == crews
    assert set(logins.filter(pl.col("actor") != "attack")["crew"]) == {""}
    told = logins.filter(pl.col("guess_site").is_not_null() | pl.col("guess_account").is_not_null())
    assert set(told["outcome"]) <= {"failure"}
    assert bool(told.height) == fingerprints
    assert_frame_equal(logins, draw(name, seed, 240, 12, fingerprints=fingerprints).logins)


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_who_fell_was_guessed_and_is_guessed_no_more(name: str) -> None:
    table = guessed(name)
    falls = table.filter(outcome="success").select("account", fell="time")
    assert falls["account"].is_unique().all()
    assert falls.height >= ATTACKS[name].least
    after = table.join(falls, on="account").filter(pl.col("time") > pl.col("fell"))
    assert not after.height
    visits = drawn(name).logins.filter(phase="access").join(falls, on="account", how="left")
    assert (visits["time"] > visits["fell"]).all()
    assert set(visits["outcome"]) <= {"success"}


@pytest.mark.parametrize("name", sorted(set(ATTACKS) - set(SHARING)))
def test_the_crews_addresses_are_nobody_elses(name: str) -> None:
    logins = drawn(name).logins
    others = logins.filter(pl.col("actor") != "attack")["source"].unique()
    assert not logins.filter(actor="attack")["source"].is_in(others.to_list()).any()


def test_a_second_factor_holds() -> None:
    table = guessed("A4")
    held = table.filter(outcome="challenged")
    assert held.height >= 1
    assert set(held["reason"]) == {"mfa"}
    assert held["is_mfa"].all()
    got_in = drawn("A4").logins.filter(actor="attack", outcome="success")
    assert not got_in["account"].is_in(held["account"].to_list()).any()
    assert not got_in["is_mfa"].any()
    honest = drawn("A4").logins.filter(pl.col("actor") == "honest", pl.col("is_mfa"))
    assert set(honest["service"]) == {"web", "vpn"}
    assert 0.01 < number((honest["outcome"] == "challenged").mean()) < 0.05


def test_other_seeds_are_other_worlds() -> None:
    assert not draw("A7", 3, 240, 9).logins.equals(draw("A7", 4, 240, 9).logins)


@pytest.mark.parametrize(
    ("name", "seed", "accounts"), [("A99", 0, 300), ("A7 x", 0, 300), ("A7", -1, 300), ("A7", 0, 9)]
)
def test_what_cannot_be_drawn_is_said(name: str, seed: int, accounts: int) -> None:
    with pytest.raises(UsageError):
        draw(name, seed, accounts, 9)


# attacks


def test_brute_force_is_one_account() -> None:
    one, many = guessed("A1"), guessed("A2")
    assert one["account"].n_unique() == one["source"].n_unique() == 1
    assert one.height > 2500
    assert many["account"].n_unique() == 1
    assert 150 < many["source"].n_unique() <= 200
    hours = many.group_by(pl.col("time").dt.truncate("1h")).len()["len"]
    assert 280 < number(hours.median()) < 390


def test_a_fast_spray_is_one_address_in_the_order_of_the_directory() -> None:
    table = guessed("A3").drop_nulls("account")
    assert table["source"].n_unique() == 1
    assert table["account"].is_sorted()
    assert table["account"].n_unique() == table.height > 0.97 * ACCOUNTS
    assert table["guess_site"].n_unique() == 2  # one password, and the right ones, which leave none
    assert span(table) < timedelta(hours=1)


def test_a_spray_from_twelve_addresses() -> None:
    table = guessed("A4").drop_nulls("account")
    assert table["source"].n_unique() == 12
    assert 2.0 < table.height / ACCOUNTS <= 2.2
    assert table.group_by("account").len()["len"].max() == 3


def test_a_parliament_is_quiet_and_then_is_not() -> None:
    table = guessed("A5")
    quiet, overt = table.filter(phase="quiet"), table.filter(phase="overt")
    assert end(quiet) < begin(overt)
    assert 21 < overt.height / ACCOUNTS < 23
    weekly = quiet.height / ACCOUNTS / ((span(quiet)) / timedelta(days=7))
    assert 0.4 < weekly < 2.5
    assert span(overt) < timedelta(hours=13)


def test_strontium_changes_its_address_with_each_try() -> None:
    table = guessed("A6").drop_nulls("account").sort("account", "time")
    assert table["account"].n_unique() == round(0.2 * ACCOUNTS)
    hourly = table.group_by("account", pl.col("time").dt.truncate("1h")).len()["len"]
    assert number(hourly.max()) <= 5
    same = table.filter(pl.col("source").shift().over("account") == pl.col("source"))
    assert same.height < 0.02 * table.height


def test_a_covert_network_tries_no_account_twice_a_day() -> None:
    table = guessed("A7").drop_nulls("account").group_by("account", pl.col("time").dt.date()).len()
    assert table["len"].max() == 1
    whole = table.group_by("time").len().sort("time")["len"][1:-1]
    assert whole.is_between(0.72 * ACCOUNTS, 0.86 * ACCOUNTS).all()


def test_one_shot_addresses_are_used_for_one_guess() -> None:
    table = guessed("A8")
    assert table["source"].is_unique().all()
    assert table["account"].drop_nulls().is_unique().all()
    daily = table.height / ((span(table)) / timedelta(days=1))
    assert 0.9 < daily / (ACCOUNTS / 30) < 1.1


def test_stuffing_is_once_or_twice_and_two_names_in_five_are_nobodys() -> None:
    table = guessed("A9")
    assert table.drop_nulls("account").group_by("account").len()["len"].max() == 2
    assert 0.37 < table["account"].null_count() / table.height < 0.45
    assert table["guess_site"].n_unique() > 0.95 * table.height - 15


def test_enumeration_is_one_password_on_names_that_are_mostly_nobodys() -> None:
    table = guessed("A10")
    assert table["guess_site"].n_unique() == 1
    assert 0.8 < table["account"].null_count() / table.height < 0.9
    assert not table.filter(outcome="success").height


def test_attacks_from_inside_come_from_where_we_sign_in() -> None:
    assert set(guessed("A11")["source"]) == {OFFICE_NATS[0]}
    assert guessed("A12")["source"].n_unique() == 3
    for name in ("A11", "A12"):
        honest = drawn(name).logins.filter(actor="honest", outcome="success")["source"].unique()
        assert guessed(name)["source"].is_in(honest.to_list()).all()


def test_passwords_made_from_names_do_not_repeat_across_accounts() -> None:
    table = guessed("A13").drop_nulls("account").filter(outcome="failure")
    assert table.group_by("guess_site").agg(pl.col("account").n_unique())["account"].max() in range(6)
    sprayed = guessed("A7").drop_nulls("account").group_by("guess_site").agg(pl.col("account").n_unique())
    assert number(sprayed["account"].max()) > 100


def test_a_crew_that_is_shut_out_goes_to_the_next_service() -> None:
    table = guessed("A14")
    first = table.group_by("service").agg(pl.col("time").min()).sort("time")["service"].to_list()
    assert first == ["imap", "smtp", "vpn"]
    assert set(table.filter(outcome="refused")["service"]) == {"imap", "smtp"}


# what else goes on


def test_confounders_fall_on_the_onset() -> None:
    onset = {name: begin(guessed(f"A7 {name}")) for name in CONFOUNDERS}
    days = {name: time.isoweekday() for name, time in onset.items()}
    assert days["monday"] == days["recess"] == 1
    assert days["quiet"] in (2, 3, 4)
    expired = drawn("A7 expiry").logins.filter(phase="expiry")
    assert set(expired["time"].dt.date()) == {onset["expiry"].date()}
    assert 0.06 < expired["account"].n_unique() / ACCOUNTS < 0.09
    out = begin(drawn("A7 outage").logins.filter(reason="backend"))
    assert timedelta(0) < out - onset["outage"] < timedelta(hours=2)
    calm = drawn("A7 quiet").logins
    assert not calm.filter(phase="expiry").height + calm.filter(reason="backend").height
    slips = {
        name: drawn(f"A7 {name}").logins.filter(
            pl.col("phase") == "slip", pl.col("time").dt.date() == time.date()
        ).height
        for name, time in onset.items()
    }  # fmt: skip
    assert slips["recess"] > 1.8 * slips["monday"] * 0.9 > 1.8 * slips["quiet"] * 0.9


def test_mimicry_keeps_our_hours() -> None:
    honest = drawn("A7").logins.filter(actor="honest", phase="")
    assert midday(guessed("A7")) < 0.6 < midday(honest) - 0.05
    assert midday(guessed("A7 mimicry")) > 0.7
    theirs = guessed("A7 mimicry")["client"].drop_nulls().unique()
    assert theirs.is_in(honest["client"].unique().to_list()).all()


def test_a_ramp_rises_by_as_much_every_day() -> None:
    daily = guessed("A7 ramp").group_by(pl.col("time").dt.date()).len().sort("time")["len"]
    assert daily[1] < 0.15 * ACCOUNTS
    assert daily[-2] > 3 * daily[1]


def test_laundered_addresses_sign_in_before_they_guess() -> None:
    table = guessed("A7 laundered")
    owned = table.filter(phase="owned")
    assert set(owned["outcome"]) == {"success"}
    assert owned["account"].n_unique() == 1
    assert not table.filter(phase="guessing", account=owned["account"][0]).height
    first = table.group_by("source").agg(pl.col("phase").first())
    assert set(first["phase"]) == {"owned"}


def test_networks_of_one_prefix() -> None:
    sources = guessed("A7 ipv6")["source"].unique()
    assert sources.str.ends_with("::/64").all()
    assert sources.str.extract(r"^((?:[0-9a-f]+:){3})").n_unique() == 1
    assert len(sources) == guessed("A7")["source"].n_unique()


def test_variants_are_spellings_that_the_directory_knows() -> None:
    table = guessed("A7 variants").drop_nulls("account")
    fields = ("account", "aliases", "department", "kind", "enabled", "reaches")
    accounts = tuple(
        Account(**{**row, "aliases": tuple(row["aliases"]), "reaches": tuple(row["reaches"])})
        for row in drawn("A7 variants").accounts.select(fields).iter_rows(named=True)
    )
    directory = Directory(accounts, given=True, domains=frozenset({"parliament.example"}))
    assert directory.resolve(table["user_name"]).equals(table["account"])
    spellings = table.group_by("account").agg(pl.col("user_name").n_unique())["user_name"]
    assert number(spellings.mean()) > 3


def test_in_the_dark_it_begins_while_nobody_can_sign_in() -> None:
    logins = drawn("A7 dark").logins
    out = logins.filter(reason="backend")
    first = begin(guessed("A7 dark"))
    assert begin(out) <= first <= end(out)
    assert not guessed("A7 dark").filter(pl.col("time") <= end(out), outcome="success").height


def test_mangled_logs_lose_and_double_lines() -> None:
    whole, mangled = drawn("A7").logins, drawn("A7 mangled").logins
    lost = set(whole["raw_hash"]) - set(mangled["raw_hash"])
    assert 0.015 < len(lost) / whole.height < 0.025
    twice = mangled.filter(pl.col("raw_hash").is_duplicated())
    assert 0.03 < twice.height / whole.height < 0.05
    late = mangled.join(whole.select("raw_hash", was="time"), on="raw_hash").with_columns(
        by=pl.col("time") - pl.col("was")
    )
    assert set(late.filter(dst_host="mx2")["by"]) == {timedelta(minutes=5)}
    assert set(late.filter(pl.col("dst_host") != "mx2")["by"]) == {timedelta(0)}


def test_luck_is_one_attempt_from_an_address() -> None:
    logins = drawn("A7 lucky").logins
    right = guessed("A7 lucky").filter(outcome="success")
    at_all = logins.filter(pl.col("source").is_in(right["source"].to_list()), pl.col("phase") != "access")
    assert at_all.height == right.height >= ATTACKS["A7"].least
    assert per_source(guessed("A4 single")).max() == 1


def test_two_crews_share_no_address() -> None:
    for attack in ("A7", "A9"):
        table = drawn(f"{attack} crews").logins.filter(actor="attack")
        a, b = (table.filter(crew=crew) for crew in "AB")
        assert not a["source"].is_in(b["source"].to_list()).any()
        assert set(a.filter(phase="guessing")["client"]) != set(b.filter(phase="guessing")["client"])
        assert all(each.filter(phase="guessing", outcome="success").height for each in (a, b))
        assert begin(b) < end(a)


@pytest.mark.parametrize("attack", ["A4", "A7", "A14"])
def test_one_crew_changes_everything_for_a_while(attack: str) -> None:
    table = guessed(f"{attack} changes")
    usual = table["client"].mode()[0]
    other = table.filter(pl.col("client").ne_missing(usual))
    rest = table.filter(pl.col("client").eq_missing(usual))
    assert 0.05 < other.height / table.height < 0.4
    assert span(other) <= timedelta(days=1)
    assert not other["source"].is_in(rest["source"].to_list()).any()
    assert begin(rest) < begin(other) < end(other) < end(rest)
    assert set(other["service"]) != set(rest["service"])


def test_every_adversary_is_another_world() -> None:
    plain = drawn("A7").logins
    assert not [name for name in ADVERSARIES if drawn(f"A7 {name}").logins.equals(plain)]


# the clean world


def test_the_clean_world_lays_every_trap() -> None:
    logins = drawn("clean", 0, 500, 90).logins
    assert set(logins["actor"]) == {"honest", "background"}
    failed = {phase: rows for (phase,), rows in logins.filter(pl.col("outcome") != "success").group_by("phase")}
    fails = {phase: (rows.height, rows["account"].n_unique()) for phase, rows in failed.items()}
    for phase, (least, accounts) in {
        "slip": (5000, 400),
        "factor": (20, 20),
        "forgotten": (200, 60),
        "expiry": (80, 60),
        "stale": (5000, 40),
        "leaver": (1000, 1),
        "shared": (100, 1),
        "traveller": (15, 10),
        "joiner": (16, 8),
        "reset": (16, 8),
        "conference": (4, 4),
        "scanner": (1000, 40),
        "migration": (60, 60),
    }.items():
        assert fails[str(phase)][0] >= least, (phase, fails[str(phase)])
        assert fails[str(phase)][1] >= accounts, (phase, fails[str(phase)])
    assert failed["reset"]["guess_site"].n_unique() == 1
    stale = failed["stale"].filter(reason="bad_password").group_by("account").agg(pl.col("guess_site").n_unique())
    assert stale["guess_site"].max() == 1
    outages = logins.filter(reason="backend")["time"].dt.date().n_unique()
    assert outages == 3
    daily = logins.filter(actor="background").height / 90
    assert 130 < daily < 190  # 95 a day at the mail hosts, 60 at the gateway
    assert logins.filter(pl.col("user_name").str.contains("^[a-z]+2017$"))["account"].null_count() > 500


def test_a_scan_of_our_own_is_on_the_allow_list() -> None:
    world = drawn("clean", 0, 500, 90)
    scanned = world.logins.filter(phase="scanner").select("account", "source").unique()
    assert {(account, source) for account, source in scanned.iter_rows()} == set(world.allowed)
    assert not drawn("A7").allowed


def test_after_the_migration_nobody_outside_is_told_apart() -> None:
    logins = drawn("clean", 0, 500, 90).logins
    begins = begin(logins.filter(phase="migration"))
    later = logins.filter(pl.col("time") > begins, service="imap", actor="honest", phase="")
    earlier = logins.filter(pl.col("time") < begins, service="imap", actor="honest", phase="")
    assert later["source"].n_unique() < 0.1 * earlier["source"].n_unique()


def test_people_fail_as_often_as_people_do() -> None:
    """Detection notes 3.1: about 10 % by hand; 17 % with forgotten devices, of which few make many failures."""
    logins = pl.concat([drawn("A7", seed).logins for seed in range(3)])
    honest = logins.filter(pl.col("actor") == "honest", pl.col("phase") != "machine")
    by_hand = honest.filter(~pl.col("phase").is_in(["stale", "leaver", "shared"]))
    assert 0.09 < number((by_hand["outcome"] != "success").mean()) < 0.13
    assert 0.13 < number((honest["outcome"] != "success").mean()) < 0.25
