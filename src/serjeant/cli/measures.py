"""measures: what stands, until when, and how it is taken back."""

from datetime import datetime
from pathlib import Path

import click

from serjeant.cli.investigate import Moment
from serjeant.cli.plan import config, folder, opened, shape

why = click.option("--reason", required=True, help="Why, for the ledger.")


@click.group(
    short_help="What stands, until when; extend it, take it back.",
    epilog="""\b
Examples:
  serjeant measures list
  serjeant measures revert P1.3 --reason 'the office on Bridge Street is behind it'""",
)
def measures() -> None:
    """What was done and still stands. Whatever is changed here is carried out by `serjeant act`."""


@measures.command(
    "list",
    short_help="Every measure and how it stands.",
    epilog="""\b
Examples:
  serjeant measures list
  serjeant measures list --as csv > measures.csv""",
)
@shape
@click.option("--all", "everything", is_flag=True, help="Those too that have ended or are only proposed.")
@folder
@config
def listing(form: str, everything: bool, out: Path, config: Path | None) -> None:
    """Every measure that stands or is to stand; where a door is open that was to be shut, that comes first."""
    from serjeant.cli.plan_text import listed, rows, still_open, table

    house = opened(out, config).house()
    if form != "text":
        lines = table([row for row in rows(house) if everything or row["state"] not in ("ended", "proposed")], form)
    else:
        its = [it for it in house.measures.values() if everything or it.says not in ("ended", "proposed")]
        lines = [*still_open(its), *listed(its)] or ["nothing stands"]
    for line in lines:
        click.echo(line)


@measures.command(
    short_help="Let a measure stand longer.",
    epilog="""\b
Examples:
  serjeant measures extend P1.3 --until 2017-07-07 --reason 'they are still at it'
  serjeant measures extend P1.3 --until 2017-07-07T18:00+01:00 --reason 'until the office closes'""",
)
@click.argument("uid")
@click.option("--until", type=Moment(), required=True, help="Its new end.")
@why
@folder
@config
def extend(uid: str, until: datetime, reason: str, out: Path, config: Path | None) -> None:
    """Let a measure stand longer; it ends by itself then."""
    from serjeant.app import now

    opened(out, config).extend(uid, until, reason=reason, now=now())
    click.echo(f"{uid} is to stand until {until:%Y-%m-%d %H:%M} UTC; carried out by: serjeant act")


@measures.command(
    short_help="Let some through a house that is closed.",
    epilog="""\b
Examples:
  serjeant measures spare P1.4 alice.smith bob.jones --reason 'changed, and use a second factor'
  serjeant measures spare P1.4 --from changed.txt --reason 'first cohort'""",
)
@click.argument("uid")
@click.argument("who", nargs=-1, metavar="[ACCOUNT|NETWORK]...")
@click.option("--from", "file", type=click.Path(path_type=Path), help="A list of them, one a line.")
@why
@folder
@config
def spare(uid: str, who: tuple[str, ...], file: Path | None, reason: str, out: Path, config: Path | None) -> None:
    """Let accounts or networks through a measure that concerns everybody: reopening, cohort by cohort."""
    from serjeant.app import now

    names = [*who, *_lines(file)]
    if not names:
        raise click.UsageError("name accounts or networks, or a file with --from")
    opened(out, config).spare(uid, names, reason=reason, now=now())
    click.echo(f"{uid} is to spare {len(names):,} more; carried out by: serjeant act")


@measures.command(
    short_help="Take a measure back.",
    epilog="""\b
Examples:
  serjeant measures revert P1.3 --reason 'it was the office'
  serjeant measures revert P1.5 --only alice.smith --reason 'she changed her password'""",
)
@click.argument("uid")
@click.option("--only", multiple=True, help="Only this source or account; may be given again.")
@click.option("--from", "file", type=click.Path(path_type=Path), help="Only those in this list, one a line.")
@why
@folder
@config
def revert(uid: str, only: tuple[str, ...], file: Path | None, reason: str, out: Path, config: Path | None) -> None:
    """Take a measure back, or some of those whom it concerns: what was read before it is put there again.

    What somebody changed since is left as it is, and told.
    """
    from serjeant.app import now

    some = [*only, *_lines(file)]
    opened(out, config).revert(uid, some if only or file else None, reason=reason, now=now())
    click.echo(f"{uid} is to be taken back; carried out by: serjeant act")


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    from serjeant.errors import UnreadableError

    try:
        return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError("cannot be read as a list", where=str(file), hint="one name a line, UTF-8") from error
