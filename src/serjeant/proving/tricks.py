"""tricks: what a crew does in order not to be seen; each works on the guesses of any attack."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.scene import TOOLS, Scene
from serjeant.proving.tries import tries
from serjeant.proving.world import ATTEMPTS, DAY, DOMAIN, HOUR, MINUTE, RIGHT, Ints, attempts, password

_WORKING: Final = np.array(
    [1, 1, 1, 1, 1, 1, 2, 5, 10, 12, 11, 9, 7, 9, 10, 10, 9, 7, 4, 3, 2, 2, 1, 1], dtype=np.float64
)
_WEEKEND: Final = 0.3
_PER_DAY: Final = 0.05
_INTERFACES: Final = 0xE000
_OTHER_SERVICE: Final = {"imap": "web", "web": "imap", "smtp": "web", "vpn": "web", "pop3": "web", "ssh": "web"}

Trick = Callable[[Scene, pl.DataFrame], pl.DataFrame]


def mimicry(scene: Scene, guessed: pl.DataFrame) -> pl.DataFrame:
    """As people do: most in working hours, few at weekends, and from clients that call themselves as theirs do."""
    calendar = scene.site.calendar
    day, since = np.divmod(guessed["time"].to_numpy() - calendar.begin, DAY)
    passed = np.concatenate([[0.0], np.cumsum(_WORKING) / _WORKING.sum()])
    clock = np.interp(since / DAY, passed, np.arange(25)) * HOUR
    kept = ~calendar.weekend[np.minimum(day, calendar.days - 1)] | (scene.rng.random(len(day)) < _WEEKEND)
    moved = guessed.with_columns(
        time=pl.Series(calendar.begin + day * DAY + clock.astype(np.int64)), client=pl.lit(None, pl.String)
    )
    return moved.filter(pl.Series(kept)).sort("time", maintain_order=True)


def ramp(scene: Scene, guessed: pl.DataFrame) -> pl.DataFrame:
    """5 % of the full tempo on the first day, 10 % on the second, and so on."""
    day = (guessed["time"].to_numpy() - scene.onset) // DAY
    return guessed.filter(pl.Series(scene.rng.random(len(day)) < _PER_DAY * (day + 1)))


def single(scene: Scene, guessed: pl.DataFrame) -> pl.DataFrame:
    """No address is used twice."""
    own = scene.owns(guessed["source"].to_numpy())
    source = guessed["source"].to_numpy().copy()
    source[own] = scene.sources(int(own.sum()))
    return guessed.with_columns(source=pl.Series(source))


def ipv6(scene: Scene, guessed: pl.DataFrame) -> pl.DataFrame:
    """All addresses are /64 networks of one /48."""

    def nets(rows: int) -> Ints:
        net = 0xF000 + ord(scene.crew)
        return scene.site.book.add([f"2001:db8:{net:x}:{0x1000 + each:x}::/64" for each in range(rows)])

    return _moved(scene, guessed, lambda rows: nets(min(rows, _INTERFACES)))


def variants(scene: Scene, guessed: pl.DataFrame) -> pl.DataFrame:
    """Each account under many spellings of its name: capitals, with and without the domain, in quotes of Windows."""
    form = pl.Series(scene.rng.integers(0, 6, guessed.height))
    local = pl.col("name").str.replace("@.*$", "")
    short = DOMAIN.partition(".")[0].upper()
    spelled = (
        pl.when(form == 0)
        .then(local.str.to_uppercase())
        .when(form == 1)
        .then(f"{short}\\" + local)
        .when(form == 2)
        .then(local + f"@{DOMAIN.upper()}")
        .when(form == 3)
        .then(local.str.to_titlecase() + f"@{DOMAIN}")
        .when(form == 4)
        .then(local + f"+{scene.crew.lower()}@{DOMAIN}")
        .otherwise("name")
    )
    known = pl.col("account") >= 0
    return guessed.with_columns(name=pl.when(known).then(spelled).otherwise("name"))


def changes(scene: Scene, guessed: pl.DataFrame) -> pl.DataFrame:
    """In the middle third, but no longer than a day: another tool, another service, other addresses."""
    order = pl.col("time").rank("ordinal") / pl.len()
    inside = order.is_between(1 / 3, 2 / 3) & ((pl.col("time") - pl.col("time").median()).abs() < DAY // 2)
    other = _moved(scene, guessed.filter(inside), lambda rows: scene.sources(rows))
    service = pl.col("service").cast(pl.String).replace_strict(_OTHER_SERVICE, return_dtype=pl.String)
    tool = TOOLS[(TOOLS.index(scene.tool) + 3) % len(TOOLS)]
    other = other.with_columns(service=service.cast(ATTEMPTS["service"]), client=pl.lit(tool))
    return pl.concat([guessed.filter(~inside), other]).sort("time", maintain_order=True)


def laundered(scene: Scene, done: pl.DataFrame) -> pl.DataFrame:
    """From every address the crew first signs in to an account that it owns, every day on which it guesses from there.

    The account is a real one, and nobody has to guess its password. Its phase is *owned*.
    """
    people, rng = scene.site.people, scene.rng
    fell = done.filter(pl.col("outcome") == "ok")["account"].to_list()
    owned = int(rng.choice(np.setdiff1d(people.active[people.mobile[people.active]], fell)))
    kept = done.filter(pl.col("account") != owned)
    used = kept.filter(pl.col("phase") != "access").group_by("source", pl.col("time") // DAY * DAY).agg(
        first=pl.col("time").min()
    ).sort("first", "source")  # fmt: skip
    account = np.full(used.height, owned)
    table = attempts(
        time=used["first"].to_numpy() - rng.integers(MINUTE, 4 * MINUTE, used.height),
        account=account,
        name=people.spelled(account, account * 0),
        source=used["source"].to_numpy(),
        service="imap",
        outcome="ok",
        guess=password(RIGHT, account),
        actor="attack",
    )
    return pl.concat([kept, tries(table, "owned", scene.crew, scene.tool)])


def _moved(scene: Scene, guessed: pl.DataFrame, fresh: Callable[[int], Ints]) -> pl.DataFrame:
    """The crew's own addresses, one for one by new ones."""
    source = guessed["source"].to_numpy().copy()
    own = scene.owns(source)
    old, which = np.unique(source[own], return_inverse=True)
    new = fresh(len(old))
    source[own] = new[which % len(new)]
    return guessed.with_columns(source=pl.Series(source))


BEFORE: Final[Mapping[str, Trick]] = {
    "mimicry": mimicry,
    "ramp": ramp,
    "single": single,
    "ipv6": ipv6,
    "variants": variants,
    "changes": changes,
}
"""What is done to the guesses before one of them is right."""
AFTER: Final[Mapping[str, Trick]] = {"laundered": laundered}
"""What is done when it is known who fell."""
