"""logins: what was read, for other tools."""

import sys
from datetime import datetime
from pathlib import Path

import click

from serjeant.cli.investigate import Moment

SHAPES = ("csv", "json", "ocsf", "ecs", "parquet")


@click.command(
    short_help="Write the sign-ins that were read, for other tools.",
    epilog="""\b
Examples:
  serjeant logins --account alice.smith --since 2017-06-21
  serjeant logins --as ocsf --out logins.jsonl""",
)
@click.option("--as", "shape", type=click.Choice(SHAPES), default="csv", show_default=True, help="In which words.")
@click.option("--since", type=Moment(), help="Sign-ins from this time on.")
@click.option("--until", type=Moment(), help="Sign-ins before this time.")
@click.option("--account", default="", help="Only of this account.")
@click.option("--source", default="", help="Only from this address (IPv6: its /64).")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File.  [default: standard output]")
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("serjeant-report"),
    show_default=True,
    help="Folder of the investigation.",
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings.  [default: ./serjeant.toml if there]")
def logins(
    shape: str,
    since: datetime | None,
    until: datetime | None,
    account: str,
    source: str,
    out: Path | None,
    folder: Path,
    config: Path | None,
) -> None:
    """Write the sign-ins that an investigation read, by time, for other tools.

    csv is safe to open in a spreadsheet: a cell that would be a formula begins with a ', and what is not to be seen
    is shown as an escape. json has the same columns, one object a line; parquet too. ocsf: OCSF Authentication 3002.
    ecs: Elastic Common Schema. `serjeant investigate` reads all of them.
    """
    if shape == "parquet" and out is None and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for a terminal; name a file with --out")
    if since is not None and until is not None and since >= until:
        raise click.UsageError("--since must be before --until")
    from serjeant.config import load
    from serjeant.export import Wanted, export

    written = export(folder, load(config), shape, Wanted(since, until, account, source), out)
    where = f" in {out}" if out else ""
    click.echo(f"serjeant: {written.logins:,} logins, {written.attempts:,} attempts, as {shape}{where}", err=True)
