"""formats, detectors: what Serjeant can read and see."""

from pathlib import Path

import click


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  serjeant formats
  serjeant formats try /var/log/mail.log""",
)
@click.pass_context
def formats(ctx: click.Context) -> None:
    """List the formats that can be read, with what each gives."""
    if ctx.invoked_subcommand is None:
        from serjeant.collect.known import line_formats

        for form in line_formats():
            click.echo(f"{form.name:<10} {form.title}")
            click.echo(f"{'':<10} gives {', '.join(form.gives)}")
            click.echo(f"{'':<10} {form.lacks}")
        click.echo(f"{'generic':<10} CSV, TSV and JSON lines, by the columns that [generic.NAME] in serjeant.toml names")


@formats.command(
    "try",
    epilog="""\b
Examples:
  serjeant formats try /var/log/mail.log
  serjeant formats try export.csv --config serjeant.toml""",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="Settings.  [default: ./serjeant.toml if there]")
@click.option("--lines", type=click.IntRange(1), default=1000, show_default=True, help="Read at most so many.")
def try_(file: Path, config: Path | None, lines: int) -> None:
    """Show line by line what the rules make of a file, and the share that was read."""
    from serjeant.config import load
    from serjeant.explain import tried

    for line in tried(file, load(config), lines):
        click.echo(line)


@click.command(
    epilog="""\b
Examples:
  serjeant detectors
  serjeant detectors | grep T2""",
)
def detectors() -> None:
    """List the detectors, what each claims, and what it is blind to."""
    from serjeant.detect.run import detectors as known

    for each in known():
        click.echo(f"{each.test} {each.name:<12} {each.technique or 'guard'}")
        click.echo(f"   {each.blind}")
