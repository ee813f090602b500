"""rows: the tries of a drawn world as labelled logins, as the lake would hold them."""

from typing import Final

import numpy as np
import polars as pl

from serjeant.model.login import LOGINS
from serjeant.proving.clients import clients
from serjeant.proving.factor import asked
from serjeant.proving.logs import host_of
from serjeant.proving.networks import written
from serjeant.proving.site import Site
from serjeant.proving.world import Ints, scramble

LABELLED: Final = pl.Schema(
    {
        **pl.DataFrame(LOGINS.empty_table()).schema,
        "actor": pl.String(),
        "crew": pl.String(),
        "phase": pl.String(),
    }
)
"""``model.login.LOGINS`` and whose each login is: actor (honest, background, attack), crew ("", "A" ...) and phase,
which says what it is a part of."""

_TOLD: Final = {
    "ok": ("success", None),
    "key": ("success", None),
    "bad_password": ("failure", "bad_password"),
    "unknown": ("failure", "unknown_account"),
    "disabled": ("failure", "disabled"),
    "backend": ("failure", "backend"),
    "refused": ("refused", "policy"),
    "mfa": ("challenged", "mfa"),
}
_HOSTS: Final = {"web": "webmail", "vpn": "vpn1"}
_BITS: Final = np.uint64(0xFFFF)
_HEX: Final = pl.Series([f"{value:04x}" for value in range(1 << 16)])


def labelled(table: pl.DataFrame, site: Site, *, fingerprints: bool) -> pl.DataFrame:
    """The logins, by time.

    :param table: TRIES
    :param fingerprints: the logs tell one wrong password from another
    """
    table = table.sort("time", maintain_order=True)
    account, source, time = (table[name].to_numpy() for name in ("account", "source", "time"))
    word = table["outcome"].cast(pl.String)
    service = table["service"].cast(pl.String)
    host = service.replace_strict(_HOSTS, default=host_of(table, site.people), return_dtype=pl.String)
    row = np.arange(table.height)
    own = clients(site, account, source, table["service"])
    columns = {
        "time": pl.Series(time).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        "account": _account(site, account),
        "user_name": table["name"],
        "source": pl.Series(site.book.texts).gather(source),
        "src_ip": written(site.book, source, time, site.seed),
        "src_port": pl.Series((scramble(row, site.seed + 71) % np.uint64(28_000)).astype(np.int32) + 32_768),
        "dst_host": host,
        "service": service,
        "auth_protocol": _protocol(service, word),
        "outcome": word.replace_strict({each: told[0] for each, told in _TOLD.items()}, return_dtype=pl.String),
        "reason": word.replace_strict({each: told[1] for each, told in _TOLD.items()}, return_dtype=pl.String),
        "is_mfa": pl.Series(asked(site, account, service)) & word.is_in(["ok", "mfa"]),
        "session_uid": pl.Series([None], dtype=pl.String).new_from_index(0, table.height),
        "client": _client(table, own),
        **_fingerprints(table, site.seed, told=fingerprints),
        "count": table["count"],
        "log": host + ".log",
        "log_offset": pl.Series(row + 1),
        "raw_hash": pl.Series(scramble(row, site.seed + 73)),
        "actor": table["actor"].cast(pl.String),
        "crew": table["crew"],
        "phase": table["phase"],
    }
    return pl.DataFrame(columns).cast(LABELLED)


def _account(site: Site, account: Ints) -> pl.Series:
    known = pl.Series(account >= 0)
    return pl.select(pl.when(known).then(site.people.table["account"].gather(np.maximum(account, 0)))).to_series()


def _client(table: pl.DataFrame, own: pl.Series) -> pl.Series:
    """An empty client is one that says nothing."""
    said = pl.coalesce(table["client"], own)
    return pl.select(pl.when(said != "").then(said)).to_series()


def _protocol(service: pl.Series, word: pl.Series) -> pl.Series:
    return pl.select(
        pl.when(word == "key")
        .then(pl.lit("publickey"))
        .when(service == "ssh")
        .then(pl.lit("password"))
        .when(service.is_in(["imap", "pop3", "smtp"]))
        .then(pl.lit("plain"))
    ).to_series()


def _fingerprints(table: pl.DataFrame, seed: int, *, told: bool) -> dict[str, pl.Series]:
    """16 keyed bits of each wrong password; what was right, or not judged, leaves none."""
    if not told:
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, table.height)
        return {"guess_account": nothing, "guess_site": nothing}
    wrong = table["outcome"].cast(pl.String).is_in(["bad_password", "unknown"])
    guess = table["guess"].to_numpy()
    whose = np.where(
        table["account"].to_numpy() < 0, table["source"].to_numpy() + (1 << 40), table["account"].to_numpy()
    )
    bits = {"guess_account": guess ^ scramble(whose, seed + 81).astype(np.int64), "guess_site": guess}
    return {
        name: pl.select(
            pl.when(wrong).then(_HEX.gather((scramble(value, seed + 83) & _BITS).astype(np.int64)))
        ).to_series()
        for name, value in bits.items()
    }
