"""A preview says what would have happened: counted again here, login by login, the slow way."""

import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acting import block, contain
from serjeant.contain import preview
from serjeant.contain.case import Case
from serjeant.model.account import Account
from serjeant.model.login import LOGINS
from serjeant.model.measure import Measure
from serjeant.store.engine import Engine

AT = datetime(2017, 6, 24, 12, tzinfo=UTC)
SINCE = AT - timedelta(days=10)
OFFICE, HOME, CREW, OTHER = "192.0.2.5", "198.51.100.20", "203.0.113.9", "203.0.113.10"
DIRECTORY = (
    Account("ada", department="Library"),
    Account("bob", department="Library"),
    Account("cleo", department="Whips"),
    Account("backup", kind="service", department="Computing"),
)
CASE = Case(
    says="C1",
    campaigns=("C1",),
    since=SINCE,
    at=AT,
    sources=(CREW,),
    attributed=frozenset({OTHER}),
    shared=frozenset(),
    fallen={"bob": (AT - timedelta(days=2), (CREW,))},
    suspected=(),
)


def login(
    account: str, source: str, hours: float, outcome: str = "success", service: str = "imap"
) -> dict[str, object]:
    return {
        "time": AT - timedelta(hours=hours),
        "account": account,
        "user_name": account,
        "source": source,
        "service": service,
        "outcome": outcome,
        "count": 1,
        "is_mfa": False,
    }


WORLD = [
    login("ada", OFFICE, 30),
    login("ada", HOME, 3),
    login("cleo", HOME, 40),
    login("cleo", HOME, 300, service="web"),
    login("backup", HOME, 1),
    login("bob", OFFICE, 5),
    login("bob", CREW, 48),
    login("ada", CREW, 20, "failure"),
    login("cleo", CREW, 49, "failure"),
    login("cleo", OTHER, 2, "failure", "web"),
    login("cleo", OTHER, 500, "failure", "web"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(tmp_path_factory.mktemp("engine"))


def footprints(engine: Engine, logins: list[dict[str, object]], since: datetime = SINCE) -> pl.DataFrame:
    table = pl.DataFrame(logins, pl.DataFrame(LOGINS.empty_table()).schema)
    engine.bind_rows("logins", table)
    return engine.rows(f"footprints {since}", lambda: preview.footprints(since, AT))


def close(*spares: str, services: tuple[str, ...] = ()) -> Measure:
    return Measure("P1.1", "close_remote", "close", "door", (), AT, "C1", "ada", tuple(sorted(spares)), services)


def test_a_blocked_source_stops_its_attempts_and_nobody_else(engine: Engine) -> None:
    found = preview.preview([block("P1.1", CREW)], footprints(engine, WORLD), CASE, directory=DIRECTORY)
    assert (found.stopped, found.stopped_day) == ((3, 4), (1, 2))
    assert (found.logins, found.accounts, found.signed_in) == ((0, 6), (0, 4), 0)
    assert "1 addresses are theirs by their number only and stay open" in found.cannot
    assert "1 of their attempts of the last day at web go on" in found.cannot


def test_a_closed_house_cuts_off_whom_it_cuts_off(engine: Engine) -> None:
    found = preview.preview([close("192.0.2.0/24")], footprints(engine, WORLD), CASE, directory=DIRECTORY)
    assert found.stopped == (4, 4)
    assert found.logins == (4, 6)  # those from home
    assert found.accounts == (3, 4)  # ada, cleo, backup
    assert found.signed_in == 2  # ada, backup
    assert found.only_remote == 2  # cleo, backup: ada was in the office too
    assert found.departments == (("Computing", 1), ("Library", 1), ("Whips", 1))
    assert found.first == ("backup",)


def test_whom_it_spares_is_let_in(engine: Engine) -> None:
    found = preview.preview([close("192.0.2.0/24", "cleo")], footprints(engine, WORLD), CASE)
    assert found.accounts == (2, 4)
    found = preview.preview([close(services=("web",))], footprints(engine, WORLD), CASE)
    assert (found.accounts, found.stopped) == ((1, 4), (1, 4))


def test_who_must_hear_of_it_first_is_named(engine: Engine) -> None:
    rows = footprints(engine, WORLD)
    found = preview.preview([contain("P1.1", "bob")], rows, CASE, directory=DIRECTORY, telephone_first=("bob", "eve"))
    assert found.first == ("bob",)
    assert found.accounts == (1, 4)


def test_what_if_knows_only_what_was_known_then(engine: Engine) -> None:
    """A source that had not been seen, and an account that had not fallen, could not have been acted upon."""
    rows = footprints(engine, WORLD)
    early, late = SINCE, AT - timedelta(hours=48, minutes=30)
    blocked = [block("P1.1", CREW)]
    assert preview.preview(blocked, rows, CASE, moment=early).saved == (0, 1)
    assert preview.preview(blocked, rows, CASE, moment=late).saved == (1, 1)
    assert preview.preview([contain("P1.1", "bob")], rows, CASE, moment=late).saved == (0, 1)
    assert preview.preview([close("192.0.2.0/24")], rows, CASE, moment=early).saved == (1, 1)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), with_block=st.booleans(), with_close=st.booleans())
def test_counted_login_by_login_it_is_the_same(engine: Engine, seed: int, with_block: bool, with_close: bool) -> None:
    """The set operations against a plain loop, over random sign-ins."""
    dice = random.Random(seed)
    logins = [
        login(
            dice.choice(("ada", "bob", "cleo", "backup")),
            dice.choice((OFFICE, HOME, CREW, OTHER)),
            dice.uniform(0, 24 * 20),
            dice.choice(("success", "failure")),
            dice.choice(("imap", "web")),
        )
        for _ in range(40)
    ]
    measures = [block("P1.1", CREW)] * with_block + [close("192.0.2.0/24", "cleo", services=("web",))] * with_close
    found = preview.preview(measures, footprints(engine, logins), CASE)

    def refused(it: dict[str, object]) -> bool:
        shut = it["service"] == "web" and it["source"] != OFFICE and it["account"] != "cleo"
        return (with_block and it["source"] == CREW) or (with_close and shut)

    theirs = [it for it in logins if it["source"] in (CREW, OTHER) and it["time"] >= SINCE]  # type: ignore[operator]
    honest = [
        it
        for it in logins
        if it["source"] not in (CREW, OTHER) and it["outcome"] == "success" and it["time"] >= AT - preview.LATELY  # type: ignore[operator]
    ]
    hit = [it for it in honest if refused(it)]
    assert found.stopped == (sum(map(refused, theirs)), len(theirs))
    assert found.logins == (len(hit), len(honest))
    assert found.accounts == (len({it["account"] for it in hit}), len({it["account"] for it in honest}))
    free = {it["account"] for it in honest if not refused(it)}
    assert found.only_remote == len({it["account"] for it in hit} - free)
