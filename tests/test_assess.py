"""Who fell: tiers, successes before the alarm, and people who must never be accused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl
import pytest

from evidence import Login, at, evidence, rows
from serjeant import assess
from serjeant.assess.everybody import Everybody
from serjeant.detect.campaigns import campaigns
from serjeant.detect.lines import HABITS, TOOLS
from serjeant.detect.run import findings
from serjeant.directory.directory import Directory
from serjeant.model.account import Account
from serjeant.model.assessment import CERTAINTIES, LEVELS, Assessment
from serjeant.model.campaign import Campaign
from test_detect_campaigns import residents, scattered, spray

THEIRS = "203.0.113.9"


def judged(
    logins: Sequence[Login], directory: Directory | None = None
) -> tuple[Sequence[Campaign], dict[str, Assessment]]:
    """Campaigns and assessments, as ``app`` makes them."""
    tables = evidence(logins, directory)
    crews = campaigns(findings(tables, {}), tables)
    everybody = Everybody(tables.pairs, tables.cells, lambda: habits(logins))
    found = assess.accesses(crews, everybody, tools(logins))
    crews = assess.with_operators(crews, found)
    crews = assess.with_undecided(crews, found, everybody, tools(logins))
    table = rows(logins).with_columns(
        user=pl.coalesce("account", pl.col("user_name").str.to_lowercase()),
        log=pl.lit("mail.log"),
        log_offset=pl.int_range(1, pl.len() + 1),
    )
    lines = table.join(found.select("user", "source").unique(), on=["user", "source"], how="semi")
    return crews, {each.account: each for each in assess.assess(found, lines, tables.directory)}


def tools(logins: Sequence[Login]) -> pl.DataFrame:
    """Who came with which tool, and how that went, counted plainly."""
    made = pl.DataFrame(
        [(each.user, each.source, each.service, each.client, each.time, each.ok, each.fail) for each in logins],
        {name: TOOLS[name] for name in ("user", "source", "service", "client", "first_t", "ok", "fail")},
        orient="row",
    )
    first_ok = pl.col("first_t").filter(pl.col("ok") > 0).min()
    counts = (pl.col("first_t").min(), first_ok.alias("first_ok"), pl.col("ok").sum(), pl.col("fail").sum())
    return made.group_by("user", "source", "service", "client").agg(counts).select(TOOLS.names())


def habits(logins: Sequence[Login]) -> pl.DataFrame:
    """Since when each account has come with which tool, counted plainly."""
    made = pl.DataFrame(
        [(each.user, each.service, each.client, each.time) for each in logins if each.ok], HABITS, orient="row"
    )
    return made.group_by("user", "service", "client").agg(pl.col("since").min())


def success(user: str, source: str, when: datetime) -> Login:
    return Login(when, user, source, "success")


def test_a_success_from_a_source_that_guesses_is_confirmed() -> None:
    _, found = judged([*spray([THEIRS], at(4), each=30), success("ada", THEIRS, at(4, 11))])
    (ada,) = found.values()
    assert (ada.account, ada.assessment, ada.certainty) == ("ada", "compromised", "confirmed")
    assert ada.first_access == at(4, 11)
    assert ada.sources == (THEIRS,)
    assert ada.campaign == "C1"
    assert ada.why[0].log == "mail.log:31"


def test_a_source_flagged_at_ten_has_its_success_of_nine_judged() -> None:
    early = success("ada", THEIRS, at(4, 9))
    crews, found = judged([early, *spray([THEIRS], at(4, 10), each=30)])
    assert crews[0].detected_at > early.time
    assert found["ada"].certainty == "confirmed"
    assert found["ada"].first_access == early.time


def test_it_was_guessed_and_then_right() -> None:
    logins = [*spray([THEIRS], at(4), each=30), success("user0003", THEIRS, at(4, 13))]
    _, found = judged(logins)
    assert set(found) == {"user0003"}
    assert [reason.log for reason in found["user0003"].why] == ["mail.log:31", "mail.log:4"]


def test_a_right_password_that_the_door_turned_away_is_known_to_them_all_the_same() -> None:
    """What an account's containment is for: the guesser sees a wrong password, and we see which ones he has."""
    held = Login(at(4, 11), "ada", THEIRS, "challenged", reason="policy")
    _, found = judged([*spray([THEIRS], at(4), each=30), held])
    assert (found["ada"].assessment, found["ada"].certainty) == ("suspected", "confirmed")
    assert found["ada"].why[0].says.endswith("; it was turned away")


def test_a_second_factor_that_held_is_suspected_with_certainty() -> None:
    held = Login(at(4, 11), "ada", THEIRS, "challenged", reason="mfa")
    _, found = judged([*spray([THEIRS], at(4), each=30), held])
    assert (found["ada"].assessment, found["ada"].certainty) == ("suspected", "confirmed")
    assert found["ada"].first_access is None
    assert "second factor" in found["ada"].why[0].says


def test_success_after_a_challenge_is_a_fall() -> None:
    held = Login(at(4, 11), "ada", THEIRS, "challenged", reason="mfa")
    _, found = judged([*spray([THEIRS], at(4), each=30), held, success("ada", THEIRS, at(4, 12))])
    assert found["ada"].assessment == "compromised"


def test_an_address_that_uses_only_fallen_accounts_is_the_same_crew() -> None:
    operator = "198.51.100.77"
    crew = scattered(20)
    logins = [
        *spray(crew, at(4), each=12),
        *(success(user, crew[0], at(4, 14)) for user in ("ada", "bob")),
        *(success(user, operator, at(4, 18)) for user in ("ada", "bob")),
    ]
    crews, found = judged(logins)
    assert operator in crews[0].sources
    assert found["ada"].sources == tuple(sorted([crew[0], operator]))
    assert found["ada"].first_access == at(4, 14)


@pytest.mark.parametrize("also", ["eve", "ada"])
def test_an_address_that_others_use_as_well_is_not(also: str) -> None:
    """An office in which two people who fell work, beside one who did not; or a person who signed in there before."""
    office = "198.51.100.77"
    crew = scattered(20)
    logins = [
        success(also, office, at(1)),
        *spray(crew, at(4), each=12),
        *(success(user, crew[0], at(4, 14)) for user in ("ada", "bob")),
        *(success(user, office, at(4, 18)) for user in ("ada", "bob")),
    ]
    crews, found = judged(logins)
    assert office not in crews[0].sources
    assert set(found) == {"ada", "bob"}
    assert all(office not in each.sources for each in found.values())


@pytest.mark.parametrize(
    ("size", "day", "level"),
    [(10, 5, ("compromised", "probable")), (5, 5, ("suspected", "possible"))],
    ids=["a network that is almost wholly theirs", "one that is mostly theirs"],
)
def test_a_lone_success_in_the_crews_network_is_never_certain(size: int, day: int, level: tuple[str, str]) -> None:
    crew = [f"203.0.113.{host}" for host in range(10, 10 + size)]
    logins = [*spray(crew, at(4), each=12), success("user0005", "203.0.113.99", at(day, 20))]
    crews, found = judged(logins)
    assert (found["user0005"].assessment, found["user0005"].certainty) == level
    assert "203.0.113.99" not in crews[0].sources


def test_people_who_sign_in_where_they_always_do_are_never_accused() -> None:
    """Every account is guessed; everybody goes on working, and some slip."""
    home = [f"192.0.2.{host}" for host in range(1, 61)]
    work = [
        success(f"user{person:04}", source, at(day, 8, person))
        for day in range(10)
        for person, source in enumerate(home)
    ]
    slips = [Login(at(6, 7, person), f"user{person:04}", home[person]) for person in range(0, 60, 7)]
    new = [success(f"user{person:04}", f"198.51.100.{person}", at(7, 12, person)) for person in range(0, 60, 5)]
    crews, found = judged([*work, *slips, *new, *spray(scattered(50), at(5), of=60)])
    assert len(crews) == 1
    assert len(crews[0].accounts) == 60
    assert found == {}
    assert not set(crews[0].sources) & {*home, *(each.source for each in new)}


def test_people_behind_a_shared_address_are_never_accused() -> None:
    office = "192.0.2.1"
    crews, found = judged([*residents(office, 10, days=9), *spray([office], at(5, 12), each=40)])
    assert crews[0].shared_sources == (office,)
    assert found == {}


def test_behind_a_shared_address_a_client_that_the_account_never_had_tells() -> None:
    """The crew in the office calls itself as a third of the people there do; who has it himself is not named."""
    office, clients = "192.0.2.1", ("Outlook", "Thunderbird", "Apple Mail")
    home = [
        replace(each, client=clients[int(each.user[4:]) % 3])
        for each in residents(office, 60, days=14)
        if int(each.user[4:]) < 50 or each.time > at(6)
    ]
    guesses = [replace(each, client="Thunderbird") for each in spray([office], at(10, 9), each=120)]
    fell = [replace(success(f"home{n:04}", office, at(10, 10, n)), client="Thunderbird") for n in range(12)]
    _, found = judged([*home, *guesses, *fell])
    assert set(found) == {f"home{n:04}" for n in range(12) if n % 3 != 1}
    assert {(each.assessment, each.certainty) for each in found.values()} == {("compromised", "probable")}
    assert "never" in found["home0000"].why[0].says


def test_what_opens_with_a_fallen_account_is_told() -> None:
    directory = Directory((Account("ada", reaches=("press", "chief")), Account("bob")), given=True)
    _, found = judged([*spray([THEIRS], at(4), each=30), success("ada", THEIRS, at(4, 11))], directory)
    assert found["ada"].reaches == ("press", "chief")


def test_the_gravest_come_first() -> None:
    held = Login(at(4, 10), "bob", THEIRS, "challenged", reason="mfa")
    _, found = judged([*spray([THEIRS], at(4), each=30), held, success("ada", THEIRS, at(4, 11))])
    assert list(found) == ["ada", "bob"]
    assert all(each.assessment in LEVELS and each.certainty in CERTAINTIES for each in found.values())


def test_the_first_access_is_the_first_of_all_days() -> None:
    logins = [
        *spray([THEIRS], at(4), each=30),
        *(success("ada", THEIRS, at(4, 11) + timedelta(days=n)) for n in range(3)),
    ]
    assert judged(logins)[1]["ada"].first_access == at(4, 11)


def test_no_campaign_no_judgement() -> None:
    assert judged(list(residents("192.0.2.1", 5))) == ((), {})
