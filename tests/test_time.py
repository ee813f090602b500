"""Stamps: a wrong hour accuses the wrong person, a wrong year hides an attack."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serjeant.collect.time import Clock, bsd, dated, first_year, iso, month_first, php, year_first

LONDON = ZoneInfo("Europe/London")
WORLD = ZoneInfo("UTC")
FIRST, LAST = datetime.fromisoformat("2001-01-01"), datetime.fromisoformat("2090-01-01")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def read_bsd(stamps: list[str], zone: ZoneInfo = WORLD, year: int = 2026, clock: Clock | None = None) -> list[datetime]:
    return bsd(pl.Series(stamps, dtype=pl.String), clock or Clock(zone, year)).to_list()


def read_iso(stamps: list[str], zone: ZoneInfo = WORLD) -> list[datetime]:
    return iso(pl.Series(stamps, dtype=pl.String), Clock(zone, 1970)).to_list()


def test_a_stamp_without_a_year_takes_the_logs() -> None:
    assert read_bsd(["Jun  5 09:12:33", "Jun 15 09:12:33", "Jun 5 09:12:34"]) == [
        at("2026-06-05T09:12:33Z"),
        at("2026-06-15T09:12:33Z"),
        at("2026-06-05T09:12:34Z"),
    ]


def test_a_fraction_is_kept_wherever_the_stamp_has_one() -> None:
    assert read_bsd(["Jun  5 09:12:33.5", "Jun  5 09:12:33.123456789", "Jun  5 09:12:33", "Jun 5 09:12:33.25"]) == [
        at("2026-06-05T09:12:33.5Z"),
        at("2026-06-05T09:12:33.123456Z"),
        at("2026-06-05T09:12:33Z"),
        at("2026-06-05T09:12:33.25Z"),
    ]


def test_january_after_december_is_a_new_year_and_a_late_line_is_of_the_old_one() -> None:
    stamps = ["Dec 31 23:59:58", "Jan  1 00:00:01", "Dec 31 23:59:59", "Jan  1 00:00:02"]
    assert [when.year for when in read_bsd(stamps, year=2025)] == [2025, 2026, 2025, 2026]


def test_the_year_goes_on_from_block_to_block() -> None:
    clock = Clock(WORLD, 2025)
    read_bsd(["Dec 31 23:59:58"], clock=clock)
    assert read_bsd(["Jan  1 00:00:01"], clock=clock) == [at("2026-01-01T00:00:01Z")]
    assert read_bsd(["Dec 31 23:59:59"], clock=clock) == [at("2025-12-31T23:59:59Z")]


def test_a_clock_that_jumps_back_an_hour_makes_no_new_year() -> None:
    assert read_bsd(["Jun  5 10:00:00", "Jun  5 09:00:00"]) == [at("2026-06-05T10:00:00Z"), at("2026-06-05T09:00:00Z")]


def test_the_29th_of_february_is_a_day_in_leap_years() -> None:
    assert read_bsd(["Feb 28 12:00:00", "Feb 29 12:00:00", "Mar  1 12:00:00"], year=2024) == [
        at("2024-02-28T12:00:00Z"),
        at("2024-02-29T12:00:00Z"),
        at("2024-03-01T12:00:00Z"),
    ]


@pytest.mark.parametrize("stamp", ["Jun 31 09:12:33", "Foo  5 09:12:33", "Jun  5 25:12:33", "", "Jun  5", "\u202e"])
def test_what_is_no_stamp_is_no_time(stamp: str) -> None:
    assert read_bsd(["Jun  5 09:12:33", stamp])[1] is None
    assert read_iso(["2026-06-05T09:12:33Z", stamp])[1] is None


def test_nothing_but_nonsense_is_no_time_either() -> None:
    assert read_bsd(["nonsense", "Jun 31 00:00:00"]) == [None, None]
    assert read_iso(["nonsense"]) == [None]
    assert read_bsd([]) == []
    assert read_iso([]) == []


def test_the_hour_that_spring_leaves_out_was_written_by_a_clock_that_had_not_changed() -> None:
    assert read_bsd(["Mar 29 00:59:59", "Mar 29 01:30:00", "Mar 29 02:00:00"], LONDON) == [
        at("2026-03-29T00:59:59Z"),
        at("2026-03-29T01:30:00Z"),
        at("2026-03-29T01:00:00Z"),
    ]


def test_the_hour_that_comes_twice_in_autumn_is_the_first() -> None:
    assert read_bsd(["Oct 25 01:30:00", "Oct 25 02:00:00"], LONDON) == [
        at("2026-10-25T00:30:00Z"),
        at("2026-10-25T02:00:00Z"),
    ]


def test_stamps_with_a_zone_need_no_setting() -> None:
    assert read_iso(
        [
            "2026-06-05T09:12:33Z",
            "2026-06-05T09:12:33.123456+02:00",
            "2026-06-05 09:12:33,250-0530",
            "2026-06-05 09:12:33 UTC",
            "2026-06-05T09:12:33+02",
        ],
        LONDON,
    ) == [
        at("2026-06-05T09:12:33Z"),
        at("2026-06-05T07:12:33.123456Z"),
        at("2026-06-05T14:42:33.25Z"),
        at("2026-06-05T09:12:33Z"),
        at("2026-06-05T07:12:33Z"),
    ]


def test_a_stamp_without_a_zone_is_of_the_logs_zone() -> None:
    assert read_iso(["2026-06-05T09:12:33", "2026-01-05 09:12:33.5"], LONDON) == [
        at("2026-06-05T08:12:33Z"),
        at("2026-01-05T09:12:33.5Z"),
    ]


def test_a_zone_is_known_by_name_where_the_name_means_one() -> None:
    assert read_iso(["2026-06-05 09:12:33 BST", "2026-01-05 09:12:33 GMT", "2026-06-05 09:12:33 CEST"], LONDON) == [
        at("2026-06-05T08:12:33Z"),
        at("2026-01-05T09:12:33Z"),
        at("2026-06-05T07:12:33Z"),
    ]
    assert read_iso(["2026-06-05 09:12:33 IST"], LONDON) == [None]
    assert read_iso(["2026-06-05 09:12:33 IST"], ZoneInfo("Asia/Kolkata")) == [at("2026-06-05T03:42:33Z")]


def test_stamps_with_the_year_at_their_end_or_beginning() -> None:
    assert month_first(pl.Series(["Jun  5 2017 09:12:33", "Jun 5 2017 09:12:33.5"]), Clock(LONDON, 1970)).to_list() == [
        at("2017-06-05T08:12:33Z"),
        at("2017-06-05T08:12:33.5Z"),
    ]
    assert year_first(pl.Series(["2017 Jun  5 09:12:33", "2017 Foo  5 09:12:33"]), Clock(WORLD, 1970)).to_list() == [
        at("2017-06-05T09:12:33Z"),
        None,
    ]


def test_phps_stamps_name_their_zone_and_an_unknown_one_is_the_logs() -> None:
    stamps = [
        "05-Jun-2026 09:12:33 Asia/Tokyo",
        "05-Jun-2026 09:12:33 UTC",
        "05-Jun-2026 09:12:33 ../etc/passwd",
        "x y",
    ]
    assert php(pl.Series(stamps), Clock(LONDON, 1970)).to_list() == [
        at("2026-06-05T00:12:33Z"),
        at("2026-06-05T09:12:33Z"),
        at("2026-06-05T08:12:33Z"),
        None,
    ]
    assert php(pl.Series([], dtype=pl.String), Clock(LONDON, 1970)).to_list() == []


def test_a_shape_of_ones_own() -> None:
    given = pl.Series(["05/06/2017 09:12", "99/99/2017 09:12"])
    assert dated(given, "%d/%m/%Y %H:%M", Clock(LONDON, 1970)).to_list() == [at("2017-06-05T08:12:00Z"), None]
    zoned = dated(pl.Series(["05/Jun/2017:09:12:33 +0200"]), "%d/%b/%Y:%H:%M:%S %z", Clock(LONDON, 1970))
    assert zoned.to_list() == [at("2017-06-05T07:12:33Z")]


@given(
    st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=20),
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_stamps_are_read_as_python_reads_them(moments: list[datetime], minutes: int) -> None:
    aware = [moment.replace(tzinfo=timezone(timedelta(minutes=minutes))) for moment in moments]
    assert read_iso([moment.isoformat() for moment in aware], LONDON) == [each.astimezone(UTC) for each in aware]


@given(
    st.lists(st.integers(0, 80 * 86400), min_size=1, max_size=30),
    st.datetimes(FIRST, LAST),
)
def test_a_log_in_order_gets_its_years_back(steps: list[int], start: datetime) -> None:
    """However many new years it sees, as long as no silence lasts half a year."""
    moments, when = [], start.replace(microsecond=0)
    for step in steps:
        when += timedelta(seconds=step)
        moments.append(when)
    stamps = [f"{moment:%b} {moment.day:2d} {moment:%H:%M:%S}" for moment in moments]
    assert read_bsd(stamps, year=moments[0].year) == [moment.replace(tzinfo=UTC) for moment in moments]


def test_the_first_year_is_told_by_the_last_line_and_the_files_own_time() -> None:
    def leap(text: str) -> datetime:
        return at(f"2000-{text}")

    june = at("2026-06-30T00:00:00Z")
    assert first_year(leap("06-01"), leap("06-29"), june) == 2026
    assert first_year(leap("11-01"), leap("06-29"), june) == 2025
    assert first_year(leap("07-01"), leap("12-31"), june) == 2025
    assert first_year(leap("06-01"), leap("06-30T23:00:00"), june) == 2026
    assert first_year(leap("02-29"), leap("03-01"), at("2025-03-02T00:00:00Z")) == 2025
