"""formats, detectors: what Serjeant can read and see."""

import difflib
import json
import re
from pathlib import Path

import click

from serjeant.errors import UsageError

_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]*$")


class _Formats(click.Group):
    """A word that is no command is a format's name."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or the one that shows the format of that name."""
        found = super().get_command(ctx, cmd_name)
        if found is not None or not _NAME.match(cmd_name):
            return found
        return click.Command(
            cmd_name, callback=lambda: _show(cmd_name, ctx.params.get("config")), help="Show a format."
        )


@click.group(
    cls=_Formats,
    invoke_without_command=True,
    short_help="List what can be read; show one; try a file.",
    subcommand_metavar="[NAME | try FILE]",
    epilog="""\b
Examples:
  serjeant formats dovecot
  serjeant formats try /var/log/mail.log""",
)
@click.option("--json", "how", flag_value="json", help="Print the list as JSON.")
@click.option("--csv", "how", flag_value="csv", help="Print the list as CSV.")
@click.option("--markdown", "how", flag_value="markdown", help="Print the list as it stands in the docs.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings.  [default: ./serjeant.toml if there]")
@click.pass_context
def formats(ctx: click.Context, how: str | None, config: Path | None) -> None:
    """List the formats that can be read, with what each gives; NAME shows one whole.

    Those of your settings come first.
    """
    if ctx.invoked_subcommand is not None:
        return
    from rich.console import Console

    from serjeant.cli import catalogue
    from serjeant.collect.known import formats as known
    from serjeant.config import load

    listed = catalogue.entries(known(load(config)))
    if how == "json":
        click.echo(json.dumps([each.row() for each in listed], indent=2))
    elif how == "csv":
        click.echo(catalogue.as_csv(listed), nl=False)
    elif how == "markdown":
        click.echo(catalogue.as_markdown(listed), nl=False)
    else:
        catalogue.show(listed, Console())


def _show(name: str, config: Path | None) -> None:
    from rich.console import Console

    from serjeant.cli import catalogue
    from serjeant.collect.known import formats as known
    from serjeant.config import load

    there = {each.name: each for each in known(load(config))}
    if name not in there:
        near = difflib.get_close_matches(name, there, 1)
        hint = f"did you mean {near[0]}?" if near else "see: serjeant formats"
        raise UsageError(f"there is no format {name!r}", hint=hint)
    catalogue.show_one(catalogue.entries([there[name]])[0], Console())


@formats.command(
    "try",
    epilog="""\b
Examples:
  serjeant formats try /var/log/mail.log
  serjeant formats try --json - < lines.txt""",
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--config", type=click.Path(path_type=Path), help="Settings.  [default: ./serjeant.toml if there]")
@click.option("--lines", type=click.IntRange(1), help="Read at most so many.  [default: 1000; with --json all]")
@click.option("--unknown", is_flag=True, help="Show only the lines that nobody knew.")
@click.option("--json", "as_json", is_flag=True, help="Judge each line by itself; print its login, or null.")
def try_(file: Path, config: Path | None, lines: int | None, *, unknown: bool, as_json: bool) -> None:
    """Show line by line what the rules make of a file, and the share that was read.

    With --json each line is judged by itself, whatever wrote it, and gives one line of output: an object with the
    columns of a login, or null where it is none.
    """
    from serjeant.collect.trial import alone, tried
    from serjeant.config import load

    settings = load(config)
    if as_json:
        for login in alone(file, settings, lines):
            click.echo(json.dumps(login))
        return
    from rich.console import Console

    from serjeant.cli.trial import show

    most = lines or 1000
    show(tried(file, settings, most), most=most, unknown=unknown, console=Console())


@click.command(
    short_help="List what can be seen, and what cannot.",
    epilog="""\b
Examples:
  serjeant detectors
  serjeant detectors --json""",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def detectors(as_json: bool) -> None:
    """List the detectors, what each claims, and what it is blind to."""
    from serjeant.detect.run import detectors as known

    listed = [
        {"name": each.name, "test": each.test, "technique": each.technique, "blind": each.blind} for each in known()
    ]
    if as_json:
        click.echo(json.dumps(listed, indent=2))
        return
    for each in listed:
        click.echo(f"{each['test']} {each['name']:<12} {each['technique'] or 'guard'}")
        click.echo(f"   {each['blind']}")
