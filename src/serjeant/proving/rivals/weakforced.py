"""weakforced: the mail server asks it at each sign-in, and tells it of each failure with a hash of name and password.

Read from PowerDNS/weakforced, ``wforce/wforce.conf`` at 1327eef: more than 50 different hashes of failures from one
address within six slices of ten minutes, and all of the address is turned away until there are fewer; more than 3 from
one address on one name, and each further answer there waits 3 s, which neither alarms nor keeps out and is left out
here. It counts with HyperLogLog, we exactly. What it turns away it does not count; we do, so that a block here lasts
as long as somebody goes on, which says no more and no less of whom it hits.

``guess_account`` stands for its hash. A login that has none counts as Dovecot has it for mechanisms that do not show
the password: as one hash for each name.
"""

from typing import Final

import polars as pl

from serjeant.proving.counting import above, failures, present
from serjeant.proving.rival import Rival, alarms

MOST: Final = 50
SLICE: Final = "10m"
WINDOW: Final = "1h"


def judge(logins: pl.DataFrame) -> pl.DataFrame:
    """The blocks."""
    key = ["source", "address"]
    rows = failures(logins).select(
        *key, "time", hash=pl.struct("user", pl.col("guess_account").fill_null("")).hash(seed=0)
    )
    many = rows.filter(pl.len().over(key) > MOST)
    gone = pl.col("time").dt.truncate(SLICE).dt.offset_by(WINDOW)
    return alarms(above(present(many, key, "hash", gone), key, MOST), "too many different guesses")


RIVALS: Final = (
    Rival(
        "weakforced",
        "weakforced",
        "PowerDNS/weakforced: wforce/wforce.conf at 1327eef",
        f"more than {MOST} different wrong guesses (name and password) of one address in an hour: turned away",
        judge,
        blocks=True,
    ),
)
