"""The nftables connector, against the kernel in a network namespace, with real connections."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from namespaces import Network, network
from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.nftables import CONNECTOR, NftablesSettings
from serjeant.model.measure import Change, Measure, Operation, agrees

BAD, FRIEND, HOME = "198.51.100.7", "198.51.100.8", "203.0.113.5"
BAD6, NEXT6, FRIEND6 = "2001:db8:1::7", "2001:db8:1::ffff", "2001:db8:2::7"
EVERYBODY = (BAD, FRIEND, HOME, BAD6, NEXT6, FRIEND6)
WANTED = ("198.51.100.7", "2001:db8:1::/64")


@pytest.fixture(scope="module")
def net() -> Iterator[Network]:
    if shutil.which("nft") is None:
        pytest.skip("needs nftables")
    with network(*EVERYBODY) as it, it.listening(993), it.listening(80):
        yield it


@pytest.fixture
def settings(net: Network) -> Iterator[NftablesSettings]:
    yield NftablesSettings(remote_ports=(993, 994), allow=(HOME,), command=(*net.inside, "nft"))
    net.run("nft", "flush", "ruleset")


def measure(action: str, *subjects: str, spares: tuple[str, ...] = (), minutes: float = 60) -> Measure:
    ends = datetime.now(UTC) + timedelta(minutes=minutes)
    return Measure("P1.1", action, "close", "wall", subjects, ends, "a test", "carol", spares)


def carry_out(settings: NftablesSettings, it: Measure) -> list[Change]:
    """As the executor does it: read, change, read back; and asked again, there is nothing to do."""
    done = CONNECTOR.changes(settings, it, CONNECTOR.read(settings, it))
    for each in done:
        run(settings, each.do)
    state = CONNECTOR.read(settings, it)
    for each in done:
        assert all(agrees(state[name], shape) for name, shape in each.do.after.items())
        run(settings, each.do)
    assert CONNECTOR.changes(settings, it, state) == []
    return done


def take_back(settings: NftablesSettings, changes: list[Change]) -> None:
    for each in reversed(changes):
        assert each.undo is not None
        run(settings, each.undo)


def run(settings: NftablesSettings, operation: Operation) -> None:
    now = datetime.now(UTC)
    CONNECTOR.run(settings, operation, now, now)


def dump(net: Network) -> str:
    """All rules of the namespace, without counts and what is left of each end."""
    return net.run("nft", "--stateless", "list", "ruleset")


def test_a_source_is_dropped_and_let_in_again(net: Network, settings: NftablesSettings) -> None:
    before = dump(net)
    done = carry_out(settings, measure("block_source", *WANTED))
    assert done[0].says == "drops what 2 sources send to ports 993 and 994"
    assert net.reach(993, *EVERYBODY) == {
        BAD: False,
        FRIEND: True,
        HOME: True,
        BAD6: False,
        NEXT6: False,
        FRIEND6: True,
    }
    assert net.reach(80, BAD, BAD6) == {BAD: True, BAD6: True}, "it guards these ports only"
    take_back(settings, done)
    assert all(net.reach(993, *EVERYBODY).values())
    assert dump(net) == before == ""


def test_who_is_allowed_is_let_in_whatever_is_blocked(net: Network, settings: NftablesSettings) -> None:
    carry_out(settings, measure("block_source", "203.0.113.0/24", HOME))
    assert net.reach(993, HOME) == {HOME: True}


def test_a_network_and_an_address_in_it_end_each_by_itself(net: Network, settings: NftablesSettings) -> None:
    address = carry_out(settings, measure("block_source", BAD))
    alone = dump(net)
    wide = carry_out(settings, measure("block_source", "198.51.100.0/24", "198.51.100.0/25", "2001:db8::/48"))
    assert net.reach(993, BAD, FRIEND, HOME) == {BAD: False, FRIEND: False, HOME: True}
    take_back(settings, wide)
    assert dump(net) == alone
    assert net.reach(993, BAD, FRIEND) == {BAD: False, FRIEND: True}
    take_back(settings, address)
    assert dump(net) == ""


def test_armed_it_stands_ready_and_refuses_nobody(net: Network, settings: NftablesSettings) -> None:
    armed = carry_out(settings, measure("arm"))
    assert all(net.reach(993, *EVERYBODY).values())
    ready = dump(net)
    take_back(settings, carry_out(settings, measure("block_source", *WANTED)))
    assert dump(net) == ready
    take_back(settings, armed)
    assert dump(net) == ""


def test_disarmed_it_goes_on_blocking_until_that_is_taken_back_too(net: Network, settings: NftablesSettings) -> None:
    armed = carry_out(settings, measure("arm"))
    blocked = carry_out(settings, measure("block_source", BAD))
    take_back(settings, armed)
    assert net.reach(993, BAD, FRIEND) == {BAD: False, FRIEND: True}
    take_back(settings, blocked)
    assert dump(net) == ""


def test_armed_anew_with_other_ports_and_back(net: Network, settings: NftablesSettings) -> None:
    carry_out(settings, measure("arm"))
    carry_out(settings, measure("block_source", BAD))
    first = dump(net)
    wider = replace(settings, remote_ports=(), hooks=("input", "forward"))
    done = carry_out(wider, measure("arm"))
    assert net.reach(80, BAD, FRIEND) == {BAD: False, FRIEND: True}
    take_back(wider, done)
    assert dump(net) == first


def test_remote_access_is_closed_to_all_but_known_networks(net: Network, settings: NftablesSettings) -> None:
    spares = ("198.51.100.8/32", "2001:db8:2::/48", "198.51.100.8/31", "10.0.1.0/24", "10.0.2.0/24", "carol")
    done = carry_out(settings, measure("close_remote", spares=spares))
    assert done[0].says.startswith("closes ports 993 and 994 to all but 4 networks; it sees no accounts")
    assert net.reach(993, *EVERYBODY) == {
        BAD: False,
        FRIEND: True,
        HOME: True,
        BAD6: False,
        NEXT6: False,
        FRIEND6: True,
    }
    assert net.reach(80, BAD) == {BAD: True}
    narrower = carry_out(settings, measure("close_remote", spares=("2001:db8:2::/48",)))
    assert net.reach(993, FRIEND, FRIEND6) == {FRIEND: False, FRIEND6: True}
    take_back(settings, narrower)
    assert net.reach(993, FRIEND, BAD) == {FRIEND: True, BAD: False}
    take_back(settings, done)
    assert dump(net) == ""


def test_it_ends_by_itself(net: Network, settings: NftablesSettings) -> None:
    it = measure("block_source", BAD, minutes=0.02)
    carry_out(settings, it)
    assert net.reach(993, BAD) == {BAD: False}
    closed = measure("close_remote", minutes=0.02)
    carry_out(settings, closed)
    deadline = datetime.now(UTC) + timedelta(seconds=15)
    while CONNECTOR.read(settings, it)[BAD] or CONNECTOR.read(settings, closed)["close_remote"]:
        assert datetime.now(UTC) < deadline
    assert net.reach(993, BAD) == {BAD: True}


def test_what_another_holds_longer_is_not_shortened(net: Network, settings: NftablesSettings) -> None:
    carry_out(settings, measure("block_source", BAD, minutes=120))
    shorter = measure("block_source", BAD, FRIEND, minutes=60)
    (done,) = carry_out(settings, shorter)
    assert list(done.do.after) == [FRIEND]
    longer = carry_out(settings, measure("block_source", BAD, minutes=180))
    assert net.reach(993, BAD) == {BAD: False}
    assert 179 * 60 < left(net, BAD) <= 180 * 60
    take_back(settings, longer)
    assert 119 * 60 < left(net, BAD) <= 120 * 60


def left(net: Network, source: str) -> int:
    """For how many seconds the kernel will drop it."""
    listed = json.loads(net.run("nft", "-j", "list", "set", "inet", "serjeant", "block4_32"))["nftables"]
    (elements,) = [each["set"]["elem"] for each in listed if "set" in each]
    return next(int(each["elem"]["expires"]) for each in elements if each["elem"]["val"] == source)


def test_what_was_changed_by_hand_is_left_and_named(net: Network, settings: NftablesSettings) -> None:
    (done,) = carry_out(settings, measure("block_source", *WANTED))
    net.run("nft", "delete", "element", "inet", "serjeant", "block4_32", f"{{ {BAD} }}")
    net.run("nft", "add", "element", "inet", "serjeant", "block4_32", f"{{ {BAD} timeout 1h }}")
    assert done.undo is not None
    with pytest.raises(RefusedError) as refused:
        run(settings, done.undo)
    assert refused.value.each == {BAD: "somebody changed it meanwhile"}
    assert net.reach(993, BAD, BAD6) == {BAD: False, BAD6: True}, "the other one is taken back"
    (again,) = CONNECTOR.changes(
        settings, measure("block_source", BAD), CONNECTOR.read(settings, measure("block_source", BAD))
    )
    with pytest.raises(RefusedError) as refused:
        run(settings, again.do)
    assert "by hand" in refused.value.each[BAD]


def test_what_somebody_blocked_for_ever_stays_so(net: Network, settings: NftablesSettings) -> None:
    carry_out(settings, measure("arm"))
    net.run("nft", "add", "element", "inet", "serjeant", "block4_32", f"{{ {BAD} }}")
    assert carry_out(settings, measure("block_source", BAD)) == []
    take_back(settings, carry_out(settings, measure("block_source", FRIEND)))
    assert net.reach(993, BAD, FRIEND) == {BAD: False, FRIEND: True}


@pytest.mark.parametrize(
    "words",
    [
        "add rule inet serjeant doors drop",
        "insert rule inet serjeant input accept",
        "add chain inet serjeant more",
        "add set inet serjeant block4_x { type ipv4_addr; }",
        "delete set inet serjeant block4_24",
    ],
)
def test_a_table_that_is_not_ours_is_not_touched(net: Network, settings: NftablesSettings, words: str) -> None:
    (done,) = carry_out(settings, measure("block_source", BAD))
    if words.startswith("delete"):
        net.run("nft", "delete table inet serjeant; add table inet serjeant; add chain inet serjeant input")
    else:
        net.run("nft", words)
    before = dump(net)
    with pytest.raises(RefusedError, match="not as we make it"):
        CONNECTOR.read(settings, measure("block_source", BAD))
    assert done.undo is not None
    with pytest.raises(RefusedError, match="not as we make it"):
        run(settings, done.undo)
    assert dump(net) == before


def test_other_tables_are_left_alone(net: Network, settings: NftablesSettings) -> None:
    net.run("nft", "add table inet filter; add chain inet filter input { type filter hook input priority 0; }")
    net.run("nft", "add table ip serjeant; add chain ip serjeant mine")
    before = dump(net)
    done = [*carry_out(settings, measure("arm")), *carry_out(settings, measure("block_source", *WANTED))]
    take_back(settings, done)
    assert dump(net) == before


def test_what_is_no_address_fails_alone(net: Network, settings: NftablesSettings) -> None:
    hostile = (
        "}; flush ruleset; {",
        "198.51.100.7/33",
        "198.51.100.9/24",
        "$(reboot)",
        "-f /etc/passwd",
        "x" * 1_000_000,
    )
    it = measure("block_source", BAD, *hostile)
    (change,) = CONNECTOR.changes(settings, it, CONNECTOR.read(settings, it))
    with pytest.raises(RefusedError) as refused:
        run(settings, change.do)
    assert refused.value.each.keys() == set(hostile)
    assert net.reach(993, BAD) == {BAD: False}


def test_fifty_thousand_sources(net: Network, settings: NftablesSettings) -> None:
    before = dump(net)
    old = tuple(f"11.{n // 250}.{n % 250}.7" for n in range(40_000))
    new = tuple(f"2001:db8:{n:x}::/64" for n in range(3, 10_003))
    done = carry_out(settings, measure("block_source", *old, *new))
    assert [len(each.do.after) for each in done] == [50_000]
    assert net.reach(993, BAD) == {BAD: True}
    take_back(settings, done)
    assert dump(net) == before


def test_a_closed_door_needs_ports(net: Network, settings: NftablesSettings) -> None:
    with pytest.raises(RefusedError, match="remote_ports"):
        CONNECTOR.read(replace(settings, remote_ports=()), measure("close_remote"))


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("/nowhere/nft",), "No such file"),
        (("ip", "netns", "exec", "serjeant-none", "nft"), "serjeant-none"),
        (("false",), "exit status 1"),
        (("echo", "{}"), "words that we do not know"),
    ],
)
def test_where_nft_is_not_there_that_is_said(settings: NftablesSettings, command: tuple[str, ...], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        CONNECTOR.read(replace(settings, command=command), measure("block_source", BAD))
