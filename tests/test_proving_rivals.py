"""What others would have run: each rule at its threshold and one below it, and what all of them keep to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from rival_logins import BEGIN, HOUR, MINUTE, RIVAL, address, alarm, logins, row, success, user
from serjeant.model.login import LOGINS
from serjeant.proving.drawn import draw
from serjeant.proving.rival import ALARMS, Rival
from serjeant.proving.rivals import RIVALS
from serjeant.proving.world import DAY, SECOND

AT: dict[str, tuple[int, Callable[[int], list[dict[str, Any]]]]] = {
    "fail2ban": (5, lambda n: [row(i * 10) for i in range(n)]),
    "crowdsec": (4, lambda n: [row(i) for i in range(n)]),
    "crowdsec-slow": (4, lambda n: [row(i * 10 * MINUTE) for i in range(n)]),
    "weakforced": (51, lambda n: [row(i * 50, guess_account=f"{i:04x}") for i in range(n)]),
    "sentinel-spray": (5, lambda n: [row(i, user(i)) for i in range(n)]),
    "sentinel-distributed": (31, lambda n: [row(i * 600, ip=f"203.{i % 3}.113.{i}") for i in range(n)]),
    "sentinel-asim-spray": (16, lambda n: [row(i, user(i)) for i in range(n)]),
    "sentinel-asim-brute-force": (10, lambda n: [*(row(i) for i in range(n)), success(60)]),
    "splunk-spray": (31, lambda n: [row(i, user(i)) for i in range(n)]),
    "splunk-distributed": (31, lambda n: [row(i, user(i), address(i)) for i in range(n)]),
    "splunk-okta-users-from-ip": (10, lambda n: [row(i, user(i)) for i in range(n)]),
    "splunk-o365-multi-source": (21, lambda n: [row(i, user(i), address(i)) for i in range(n)]),
    "elastic-okta-spray": (15, lambda n: [row(i * 30, user(i % 5)) for i in range(n)]),
    "elastic-okta-spray-multi": (25, lambda n: [row(i * 30, user(i), address(i % 5)) for i in range(n)]),
    "elastic-okta-stuffing": (25, lambda n: [row(i, user(i % 15)) for i in range(n)]),
    "elastic-okta-brute-force": (10, lambda n: [row(i * 60, ip=address(i % 8)) for i in range(n)]),
    "elastic-entra": (15, lambda n: [row(i, user(i % 8), address(i % 5)) for i in range(n)]),
    "elastic-ssh-spray": (30, lambda n: [row(i, user(i % 11), service="ssh") for i in range(n)]),
    "sigma-linux-3": (4, lambda n: [row(i * 5 * HOUR, user(i), service="ssh") for i in range(n)]),
    "sigma-azure-10": (11, lambda n: [row(i * 2 * HOUR, user(i)) for i in range(n)]),
}
"""By rival: how many it takes, and so many."""


@pytest.mark.parametrize("name", AT)
def test_a_rule_fires_at_its_threshold_and_not_below(name: str) -> None:
    threshold, rows = AT[name]
    assert alarm(name, rows(threshold)).height == 1
    assert alarm(name, rows(threshold - 1)).is_empty()


def test_each_rule_has_its_threshold_tested() -> None:
    assert set(RIVAL) == {*AT, "fail2ban-recidive"}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        # an address from which more people get in than fail
        ("sentinel-spray", [*AT["sentinel-spray"][1](5), *(success(30 + i, user(10 + i)) for i in range(5))]),
        # right passwords without the second factor are no failures
        ("sentinel-spray", [row(i, user(i), outcome="challenged", reason="mfa") for i in range(5)]),
        # half of it at another application
        ("sentinel-spray", [row(i, user(i), service="imap" if i % 2 else "web") for i in range(5)]),
        # everything from one town
        ("sentinel-distributed", [row(i * 600, ip=address(i)) for i in range(31)]),
        # no success
        ("sentinel-asim-brute-force", [row(i) for i in range(20)]),
        # 20 minutes by the clock, not any 20 minutes
        ("sentinel-asim-brute-force", [*(row(19 * MINUTE + i) for i in range(20)), success(20 * MINUTE + 30)]),
        # the same password again and again
        ("weakforced", [row(i * 30, guess_account="0a1b") for i in range(110)]),
        # no password is known: one hash for each name
        ("weakforced", [row(i * 30) for i in range(110)]),
        # more than an hour
        ("weakforced", [row(i * 90, guess_account=f"{i:04x}") for i in range(110)]),
        # as loud as in the windows before
        ("elastic-okta-spray", [row(i, user(i % 5)) for i in range(15)]),
        ("elastic-okta-spray", [row(i * 30, user(0 if i < 9 else i)) for i in range(18)]),
        ("elastic-okta-stuffing", [row(i, user(i % 12)) for i in range(36)]),
        ("elastic-okta-brute-force", [row(i * 60, ip=address(i % 5)) for i in range(20)]),
        ("splunk-distributed", [row(i, user(i), address(i % 30)) for i in range(60)]),
        # names of nobody are not in PAM's line
        ("sigma-linux-3", [row(i, user(i), service="ssh", reason="unknown_account") for i in range(9)]),
        ("sigma-azure-10", [row(i * 3 * HOUR, user(i)) for i in range(20)]),
        # another log than the jail's
        ("fail2ban", [row(i, service="vpn") for i in range(50)]),
        # half in one jail, half in the other
        ("fail2ban", [row(i, service="imap" if i % 2 else "ssh") for i in range(8)]),
        # the back end was away
        ("fail2ban", [row(i, reason="backend") for i in range(50)]),
    ],
)
def test_a_rule_is_silent_where_it_says_so(name: str, rows: list[dict[str, Any]]) -> None:
    assert alarm(name, rows).is_empty()


def test_the_same_found_again_by_the_next_run_is_said_once() -> None:
    """The search looks over three days, once a day."""
    once = alarm("sentinel-spray", AT["sentinel-spray"][1](5))
    assert once["time"].to_list() == [BEGIN.replace(hour=0) + timedelta(days=1)]
    later = [row(DAY // SECOND * 8 + i, user(i)) for i in range(5)]
    assert alarm("sentinel-spray", [*AT["sentinel-spray"][1](5), *later]).height == 2


def test_a_spray_that_is_as_usual_is_no_outlier_after_its_first_window() -> None:
    steady = [row(window * 5 * MINUTE + i, user(i)) for window in range(12) for i in range(40)]
    assert alarm("splunk-spray", steady)["time"].to_list() == [BEGIN + timedelta(minutes=5)]


# All of them


@pytest.fixture(scope="module")
def clean() -> pl.DataFrame:
    return draw("clean", 0, accounts=200, days=7).logins


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
def test_false_alarms_of_an_honest_week_can_be_counted(rival: Rival, clean: pl.DataFrame) -> None:
    found = rival.judge(clean)
    assert found.schema == ALARMS
    assert found["time"].is_sorted()
    assert found["time"].is_between(clean["time"][0], clean["time"][-1] + timedelta(days=1)).all()
    assert found["rule"].null_count() == 0
    assert set(found["source"].drop_nulls()) <= set(clean["source"])
    assert set(found["account"].drop_nulls()) <= {*clean["account"], *clean["user_name"].str.to_lowercase()}
    if rival.blocks:
        assert found["source"].null_count() == 0
        assert (found["until"] > found["time"]).all()
    else:
        assert found["until"].null_count() == found.height


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
def test_no_rival_sees_a_label_or_the_order_of_the_rows(rival: Rival, clean: pl.DataFrame) -> None:
    bare = clean.select(LOGINS.names).sample(fraction=1.0, shuffle=True, seed=1)
    assert rival.judge(bare).equals(rival.judge(clean))


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
def test_every_rival_takes_what_there_is(rival: Rival) -> None:
    """No logins at all, and logins that say next to nothing, and strangers' names."""
    assert rival.judge(logins([])).schema == ALARMS
    nothing = [row(i, "", account=None, user_name=None, source=None, src_ip=None, service=None) for i in range(50)]
    assert rival.judge(logins(nothing)).filter(pl.col("source").is_not_null()).is_empty()
    odd = [row(i, f"\x1b[2J\n{i}'\"\u202e" + "a" * 200, client=None) for i in range(100)]
    assert rival.judge(logins(odd)).schema == ALARMS


def test_rivals_have_names_of_their_own_and_say_where_they_are_from() -> None:
    assert len(RIVAL) == len(RIVALS)
    assert all(rival.says and rival.source and rival.product for rival in RIVALS)
    assert {rival.product for rival in RIVALS if rival.blocks} == {"fail2ban", "CrowdSec", "weakforced"}
