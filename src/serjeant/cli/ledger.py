"""ledger: what was decided and done, by whom and why; and whether it is as it was written."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from serjeant.cli.investigate import Moment
from serjeant.cli.plan import config, folder

if TYPE_CHECKING:
    from serjeant.store.ledger import Ledger

EXIT_TAMPERED = 1


class Span(click.ParamType[timedelta]):
    """A duration as people write it: ``90d``."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration."""
        from serjeant.config.typed import duration

        span = duration(str(value))
        if span is None:
            self.fail(f"{value!r} is no duration; write it like 90d or 12h", param, ctx)
        return span


@click.group(
    short_help="What was decided and done, by whom, and why.",
    epilog="""\b
Examples:
  serjeant ledger show --measure P1.3
  serjeant ledger verify --head 57:d94c…""",
)
def ledger() -> None:
    """What was decided and done: every plan, approval, change, answer of a device, and look-up of names.

    Entries are only added, and each holds the hash of the one before.
    """


@ledger.command(
    short_help="Is it as it was written?",
    epilog="""\b
Exit status: 0 it is, 1 an entry or a name was altered, removed or cut off, 2 it cannot be read.
\b
Examples:
  serjeant ledger verify > /media/usb/head
  serjeant ledger verify --head "$(cat /media/usb/head)\"""",
)
@click.option("--head", default="", metavar="SEQ:HASH", help="The last hash, as you kept it elsewhere.")
@click.option("--file", type=click.Path(path_type=Path, allow_dash=True), help="Go over an export instead.")
@folder
@config
def verify(head: str, file: Path | None, out: Path, config: Path | None) -> None:
    """Go over every entry and name, and print the last hash as SEQ:HASH.

    Keep that where whoever can write here cannot: it shows later that nothing before it was replaced or cut off.
    """
    import sys

    from serjeant.store.ledger import TamperedError

    try:
        if file is not None:
            from serjeant.cli.ledger_files import gone_over

            count, last, vouched = gone_over(file, head)
        else:
            it = _opened(out, config)
            try:
                whole = it.verify(head)
            finally:
                it.close()
            count, last, vouched = whole.count, whole.last, whole.vouched
    except TamperedError as error:
        click.echo(f"serjeant: {error}", err=True)
        sys.exit(EXIT_TAMPERED)
    if count:
        click.echo(f"{count}:{last}")
    doubt = "" if vouched else "; no head was kept, so nothing shows whether later ones were cut off"
    click.echo(f"serjeant: {count:,} entries, as they were written{doubt}", err=True)


@ledger.command(
    short_help="Who did what, when and why.",
    epilog="""\b
Examples:
  serjeant ledger show --kind approved --kind revert --since 2017-06-24
  serjeant ledger show --measure P1.5 --names --reason 'whom to telephone'""",
)
@click.option("--kind", "kinds", multiple=True, help="Only this kind, as approved; may be given again.")
@click.option("--since", type=Moment(), help="Entries from this time on.")
@click.option("--measure", default="", metavar="UID", help="Only about this measure.")
@click.option("--names", is_flag=True, help="Names in clear; that is an entry itself.")
@click.option("--reason", default="", help="Why names are looked up, for the ledger.")
@click.option("--json", "form", flag_value="json", help="Print whole entries, one JSON object a line.")
@click.option("--csv", "form", flag_value="csv", help="Print whole entries as CSV.")
@folder
@config
def show(
    kinds: tuple[str, ...],
    since: datetime | None,
    measure: str,
    names: bool,
    reason: str,
    form: str | None,
    out: Path,
    config: Path | None,
) -> None:
    """Show the entries in their order, with pseudonyms in the place of people's names.

    With --names they are shown as they are, unless they were forgotten; who looked, and why, is written down first.
    """
    if names != bool(reason.strip()):
        raise click.UsageError("--names needs --reason: why they are looked up" if names else "--reason is for --names")
    from serjeant.app import now
    from serjeant.cli.ledger_text import shown
    from serjeant.contain.needed import about
    from serjeant.plan import actor
    from serjeant.store import pseudonyms

    it = _opened(out, config)
    try:
        entries = [
            each
            for each in it.entries(kinds, names=names)
            if (since is None or each.at >= since) and (not measure or measure in about(each.body))
        ]
        if names:
            asked = {"kinds": list(kinds), "since": None if since is None else since.isoformat(), "measure": measure}
            seen = len({name for each in entries for name in pseudonyms.names(each.body)})
            it.append("looked_up", {**asked, "names": seen}, actor=actor(), reason=reason, now=now())
    finally:
        it.close()
    for line in shown(entries, form or "text"):
        click.echo(line)
    if not entries:
        click.echo("serjeant: there are no such entries", err=True)


@ledger.command(
    short_help="All entries as JSON lines, for whoever checks them.",
    epilog="""\b
Examples:
  serjeant ledger export ledger.jsonl
  serjeant ledger export - | gpg --sign > ledger.jsonl.gpg""",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@folder
@config
def export(file: Path, out: Path, config: Path | None) -> None:
    """Write all entries to FILE as JSON lines, with pseudonyms, each with the hash that anybody can compute again.

    `serjeant ledger verify --file` goes over them; docs/ledger.md says how it is done without Serjeant.
    """
    from serjeant.cli.ledger_files import written

    it = _opened(out, config)
    try:
        if str(file) == "-":
            for line in it.exported():
                click.echo(line)
            return
        count = written(file, it.exported())
    finally:
        it.close()
    click.echo(f"serjeant: {count:,} entries in {file}", err=True)


@ledger.command(
    short_help="Forget the names of people in old entries.",
    epilog="""\b
Examples:
  serjeant ledger forget --keep 90d
  serjeant ledger forget --before 2017-09-01 --reason 'the inquiry is closed'""",
)
@click.option("--before", type=Moment(), help="Names that stand only in entries before this time.")
@click.option(
    "--keep", type=Span(), metavar="DURATION", help="Names that stand only in entries older than this, as 90d."
)
@click.option("--reason", default="", help="Why, for the ledger.")
@folder
@config
def forget(before: datetime | None, keep: timedelta | None, reason: str, out: Path, config: Path | None) -> None:
    """Forget names for good: their pseudonyms stay, the entries and the chain too, and nobody can tell whose they were.

    A name that a measure needs still is kept until that has ended.
    """
    from serjeant.app import now
    from serjeant.contain.needed import needed
    from serjeant.plan import actor

    moment = now()
    if (before is None) == (keep is None):
        raise click.UsageError("give either --before or --keep")
    until = before if before is not None else moment - (keep or timedelta())
    if until > moment:
        raise click.UsageError("--before must not lie ahead")
    it = _opened(out, config)
    try:
        why = reason or f"names that stand only in entries before {until:%Y-%m-%d %H:%M} UTC"
        gone = it.forget(until, needed=lambda all_: needed(all_, moment), actor=actor(), reason=why, now=moment)
    finally:
        it.close()
    click.echo(f"serjeant: {gone:,} names forgotten", err=True)


def _opened(out: Path, config: Path | None) -> "Ledger":
    from serjeant.config import load
    from serjeant.store.ledger import place

    return place(out, load(config).ledger, make=False)
