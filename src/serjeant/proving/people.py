"""people: the directory of a simulated parliament. Every name is invented."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.world import DOMAIN, Flags, Floats, Ints

_FIRST: Final = (
    "ada agnes alan alec alma amos anil anya arun asha astrid basil bela beryl boris brenda bruno carla cedric clara "
    "clive cora cyril daisy darius della denis dilys dora edgar edith edna elias elsa emil enid ernest esme ethel fay "
    "felix fergus fiona flora frank freya gail gavin gemma gilda glen greta gwen hana harold hazel heidi hilda hugo "
    "ida igor ines iris isaac ivor jana jasper jean joan jonas judith kamal karen keith kirsty lars leila leo lily "
    "lorna luca mabel magnus maeve mira moira nadia neil nora olga oscar otto owen pearl percy petra quentin rania "
    "rhona rita rohan rolf rosa ruby rufus saira selma silas sonia stella tariq tessa theo tilda uma una vera victor "
    "vikram viola wanda wilma yara yusuf zelda zora"
)
_LAST: Final = (
    "abbot acre alder anvil archer arden ash barley barrow beacon beck bellow birch blythe bolt bracken bramble brandt "
    "bridger brook burdock cairn candle carver cedar chalk chandler clover cobb copper corbel cotter crane cress croft "
    "dale damson darnel dell dexter dock drover dunn eastlake elder elm ember fallow farrier fennel fenwick fern finch "
    "flax fletcher flint ford forge foxley frost furrow gable garnet garth glade glover gorse granger grove hale "
    "harbour harrow hart hawthorn hazelby heath hedge heron hobbs hollow holm hurst inglis ivory jarvis juniper keel "
    "kestrel kiln knoll lambert larch lark latch laurel leigh linden lock loom lowell lych madder mallow maple marl "
    "marsh meadow mere miller moor moss nettle norden oakley orchard osier otley paddock parr peat pebble penrose "
    "pike plover poole poplar quarry quill raven reed ridge rowan rush saddler sage sedge shale shaw sheaf slate "
    "sorrel spindle stanley starling stone summers sutton swale tanner tarn teasel thorn thresher tiller towers turner "
    "vale verity wainwright walnut warren weaver weir wells wheeler whin willow winter wold wren yarrow yew"
)
FIRST: Final = tuple(_FIRST.split())
LAST: Final = tuple(_LAST.split())
DEPARTMENTS: Final = (
    ("Members of the Commons", 0.072),
    ("Members of the Lords", 0.088),
    ("Commons administration", 0.24),
    ("Lords administration", 0.07),
    ("Digital service", 0.055),
    ("Contractors", 0.075),
    ("Members' offices", 0.40),
)
"""Departments and their share of the people; the last takes what is left."""
OFFICE: Final = DEPARTMENTS[-1][0]
SPELLINGS: Final = 4


@dataclass(frozen=True, slots=True)
class People:
    """The directory, sorted by account, and what each account does by habit. Arrays are by row of ``table``.

    :param table: account, aliases (list), department, kind, enabled, reaches (list)
    :param rate: sign-ins on an ordinary workday; 0 for accounts that nobody uses
    :param mobile: has a phone and a home line; False for mailboxes that are read at the desk only
    :param technical: signs in to the gateway by ssh
    :param office: number of the member's office it works for, -1 for none
    :param host: the mail host that holds its mailbox, 0 or 1
    :param leaver: disabled, but its owner's phone has not been told
    :param habit: by device, which of the four spellings of its name it uses
    :param spellings: four spellings of each name, row ``4 * account + spelling``
    """

    table: pl.DataFrame
    rate: Floats
    mobile: Flags
    technical: Flags
    office: Ints
    host: Ints
    leaver: Flags
    habit: Ints
    spellings: pl.Series

    @property
    def active(self) -> Ints:
        """Rows of the accounts that sign in."""
        return np.flatnonzero(self.rate > 0)

    def spelled(self, account: Ints, spelling: Ints) -> pl.Series:
        """Names as typed: 0 local part, 1 full address, 2 the same in capitals and small letters, 3 short alias."""
        return self.spellings.gather(account * SPELLINGS + spelling).alias("name")


def people(accounts: int, rng: np.random.Generator) -> People:
    """Draw a directory of that many accounts: people, shared mailboxes, service accounts and decoys."""
    services, decoys, shared = max(3, accounts // 150), max(2, accounts // 750), round(accounts * 0.06)
    persons = accounts - services - decoys - shared
    named = _names(persons + decoys, rng)
    departments = [name for name, share in DEPARTMENTS[:-1] for _ in range(round(persons * share))]
    departments += [OFFICE] * (persons - len(departments))
    table = pl.DataFrame(
        {
            "account": named + [f"svc-{i:02d}" for i in range(services)] + [f"office-{i:03d}" for i in range(shared)],
            "department": departments + ["Commons administration"] * decoys + ["Digital service"] * services
            + [OFFICE] * shared,
            "kind": ["person"] * persons + ["decoy"] * decoys + ["service"] * services + ["shared"] * shared,
        }
    ).sort("account")  # fmt: skip
    person = (table["kind"] == "person").to_numpy()
    enabled = ~(person & (rng.random(accounts) < 0.03))
    used = np.where(
        person, rng.random(accounts) > 0.05, (table["kind"] == "shared").to_numpy() & (rng.random(accounts) < 0.3)
    )
    rate = np.clip(rng.lognormal(np.log(3.7), 0.45, accounts), 0.5, 15) * np.where(person, 1.0, 0.4) * (used & enabled)
    department = table["department"]
    office = _offices(department.is_in([OFFICE, "Members of the Commons"]).to_numpy() & person, rng)
    table = table.with_columns(
        aliases=_aliases(table["account"]), enabled=pl.Series(enabled), reaches=_reaches(table, office, rng)
    )
    habit = rng.choice(SPELLINGS, size=(accounts, 3), p=[0.45, 0.4, 0.1, 0.05])
    technical = person & (rate > 0) & department.is_in(["Digital service", "Contractors"]).to_numpy()
    return People(
        table=table.select("account", "aliases", "department", "kind", "enabled", "reaches"),
        rate=rate,
        mobile=person,
        technical=technical & (rng.random(accounts) < 0.3),
        office=office,
        host=rng.integers(0, 2, accounts),
        leaver=person & ~enabled & (rng.random(accounts) < 0.05),
        habit=habit,
        spellings=_spellings(table),
    )


def _names(rows: int, rng: np.random.Generator) -> list[str]:
    """First and last names, none twice: a large directory numbers its namesakes."""
    pairs = len(FIRST) * len(LAST)
    picks = rng.choice(pairs * (1 + rows * 5 // 4 // pairs), rows, replace=False).tolist()
    return [
        f"{FIRST[pick % len(FIRST)]}.{LAST[pick % pairs // len(FIRST)]}{pick // pairs + 1 if pick >= pairs else ''}"
        for pick in picks
    ]


def _offices(staff: Flags, rng: np.random.Generator) -> Ints:
    """Offices of about five people each."""
    office = np.full(len(staff), -1, dtype=np.int64)
    office[staff] = rng.integers(0, max(1, int(staff.sum()) // 5), int(staff.sum()))
    return office


def _aliases(account: pl.Series) -> pl.Series:
    """The full address, and for people a short name such as ``smitha7``."""
    frame = account.to_frame().with_columns(
        short=pl.col("account").str.replace(r"^(.)[^.]*\.(.*)$", "${2}${1}"),
        dotted=pl.col("account").str.contains(".", literal=True),
    )
    twin = pl.int_range(pl.len()).over("short")
    short = pl.when(twin == 0).then("short").otherwise(pl.col("short") + (twin + 1).cast(pl.String))
    address = pl.col("account") + f"@{DOMAIN}"
    return frame.select(
        aliases=pl.when("dotted").then(pl.concat_list(address, short)).otherwise(pl.concat_list(address))
    )["aliases"]


def _reaches(table: pl.DataFrame, office: Ints, rng: np.random.Generator) -> pl.Series:
    """Who opens which other mailbox: offices share one, a fifth of their staff open their member's own."""
    names = table["account"].to_list()
    shared = table.filter(kind="shared")["account"].to_list()
    member = {int(office[row]): names[row] for row in np.flatnonzero(table["department"] == "Members of the Commons")}
    staff = (table["department"] == OFFICE).to_numpy() & (table["kind"] == "person").to_numpy()
    others = ~staff & (table["kind"] == "person").to_numpy() & (rng.random(len(names)) < 0.15)
    linked = rng.random(len(names)) < 0.2
    reaches: list[list[str]] = [[] for _ in names]
    for row in np.flatnonzero(staff):
        reaches[row] = [shared[office[row] % len(shared)]]
        if linked[row] and int(office[row]) in member:
            reaches[row].append(member[int(office[row])])
    for row, pick in zip(np.flatnonzero(others), rng.integers(0, len(shared), int(others.sum())), strict=True):
        reaches[row] = [shared[pick]]
    return pl.Series("reaches", reaches, dtype=pl.List(pl.String))


def _spellings(table: pl.DataFrame) -> pl.Series:
    """Row ``4 * account + spelling``; an account without a short alias uses its local part."""
    local = pl.col("account")
    return (
        table.select(
            pl.concat_list(
                local,
                local + f"@{DOMAIN}",
                local.str.to_titlecase() + f"@{DOMAIN}",
                pl.col("aliases").list.get(1, null_on_oob=True).fill_null(local),
            ).alias("name")
        )
        .explode("name")
        .get_column("name")
    )
