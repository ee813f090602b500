"""writer: how one product writes sign-ins, so that one world can be written as many logs.

The writers are the mirror of the formats in ``collect/formats``; what one of them writes its namesake there reads.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from serjeant.plugins import builtin

DOMAIN: Final = "council.example"
SIGN_INS: Final = pl.Schema(
    {
        "time": pl.Datetime("us", "UTC"),
        "account": pl.String(),  # null: the name is nobody's
        "name": pl.String(),  # as typed where the product has names of its own: plain, without any domain
        "source": pl.String(),
        "ip": pl.String(),
        "product": pl.String(),
        "what": pl.String(),  # one of WHAT
        "actor": pl.String(),
        "phase": pl.String(),
    }
)
"""One row for each sign-in of a world."""

WHAT: Final = {
    "success": ("success", None, False),
    "second": ("success", None, True),
    "bad_password": ("failure", "bad_password", False),
    "unknown_account": ("failure", "unknown_account", False),
    "mfa": ("challenged", "mfa", True),
}
"""What happened: outcome, reason, and whether a second factor was asked for. *mfa*: right password, wrong factor."""


@dataclass(frozen=True)
class Writer:
    """One product's log.

    :param product: the name of the format that reads it
    :param path: of its file
    :param service: of its sign-ins, as ``logins`` has it
    :param spells: how it writes a name, from the column ``name``
    :param says: the line or lines that a sign-in leaves, from the columns of ``SIGN_INS`` (``name`` as ``spells`` has
        it) and ``n``, a number of its own
    :param digits: of the fraction of a second that it writes
    :param blind: it does not tell names that are nobody's from wrong passwords
    :param around: what the file begins with, what stands between sign-ins, and what it ends with
    """

    product: str
    path: str
    service: str
    spells: pl.Expr
    says: pl.Expr
    digits: int = 0
    blind: bool = False
    around: tuple[str, str, str] = ("", "\n", "\n")


def writers() -> tuple[Writer, ...]:
    """Those of the folder ``writers``, by name."""
    return builtin("serjeant.proving.writers", "WRITER", Writer)


def write(sign_ins: pl.DataFrame, folder: Path) -> tuple[tuple[str, ...], int]:
    """Write each product's log; a file's time is that of its last line, since readers take the year from it.

    :param sign_ins: ``SIGN_INS``, by time
    :returns: the files, relative to ``folder``, and their lines in all
    """
    files, lines = [], 0
    rows = sign_ins.with_row_index("n")
    for writer in writers():
        mine = rows.filter(pl.col("product") == writer.product)
        if not mine.height:
            continue
        begin, between, end = writer.around
        said = mine.with_columns(name=writer.spells).select(writer.says).to_series()
        text = begin + between.join(said) + end
        path = folder / writer.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        last = mine["time"][-1].timestamp()
        os.utime(path, (last, last))
        files.append(writer.path)
        lines += text.count("\n")
    return tuple(sorted(files)), lines


def truth_of(sign_ins: pl.DataFrame) -> pl.DataFrame:
    """What a reader should find: ``time`` as precise as the product writes it, and its word for what happened.

    :returns: ``time, account, source, service, outcome, reason, is_mfa, product``
    """
    by_product = {writer.product: writer for writer in writers()}
    digits = _by(by_product, "digits", pl.Int64())
    step = (10 ** (6 - digits)).cast(pl.Int64)
    micros = pl.col("time").dt.epoch("us")
    untold = (pl.col("what") == "unknown_account") & _by(by_product, "blind", pl.Boolean())
    what = pl.when(untold).then(pl.lit("bad_password")).otherwise("what")
    return sign_ins.select(
        pl.from_epoch(micros - micros % step, "us").dt.replace_time_zone("UTC").alias("time"),
        "account",
        "source",
        _by(by_product, "service", pl.String()).alias("service"),
        *(
            what.replace_strict({word: told[at] for word, told in WHAT.items()}, return_dtype=kind).alias(name)
            for at, (name, kind) in enumerate(
                {"outcome": pl.String(), "reason": pl.String(), "is_mfa": pl.Boolean()}.items()
            )
        ),
        "product",
    )


def _by(writers: dict[str, Writer], name: str, kind: pl.DataType) -> pl.Expr:
    told = {product: getattr(writer, name) for product, writer in writers.items()}
    return pl.col("product").replace_strict(told, return_dtype=kind)


def chosen(column: str, words: dict[str, str]) -> pl.Expr:
    """For each word of ``what`` another one."""
    return pl.col(column).replace_strict(words, return_dtype=pl.String)


def stamp(pattern: str) -> pl.Expr:
    """The time, as ``strftime`` writes it; to the product's digits."""
    return pl.col("time").dt.strftime(pattern)


def port() -> pl.Expr:
    """The client's port."""
    return pl.col("n") % 28_000 + 32_768


def cases(words: dict[str, Sequence[pl.Expr] | pl.Expr]) -> pl.Expr:
    """For each word of ``what`` the lines that it leaves."""
    said: pl.Expr = pl.lit(None, pl.String)
    for what, lines in words.items():
        several = [lines] if isinstance(lines, pl.Expr) else list(lines)
        said = pl.when(pl.col("what") == what).then(pl.concat_str(several, separator="\n")).otherwise(said)
    return said
