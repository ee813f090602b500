"""formats, detectors: what Serjeant can read and see."""

import json
from pathlib import Path

import click


@click.group(
    invoke_without_command=True,
    short_help="List what can be read; try a file.",
    epilog="""\b
Examples:
  serjeant formats
  serjeant formats try /var/log/mail.log""",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_context
def formats(ctx: click.Context, as_json: bool) -> None:
    """List the formats that can be read, with what each gives."""
    if ctx.invoked_subcommand is not None:
        return
    from serjeant.collect.known import line_formats

    known = [
        {"name": each.name, "title": each.title, "gives": list(each.gives), "lacks": each.lacks}
        for each in line_formats()
    ]
    generic = "CSV, TSV and JSON lines, by the columns that [generic.NAME] in serjeant.toml names"
    known.append({"name": "generic", "title": generic, "gives": [], "lacks": "Gives what the log has columns for."})
    if as_json:
        click.echo(json.dumps(known, indent=2))
        return
    for each in known:
        click.echo(f"{each['name']:<10} {each['title']}")
        if each["gives"]:
            click.echo(f"{'':<10} gives {', '.join(each['gives'])}")
        click.echo(f"{'':<10} {each['lacks']}")


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
