"""investigate: from logs to who fell."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

EXIT_ATTACK = 3
EXIT_FELL = 4


class Moment(click.ParamType[datetime]):
    """A time as people write it: ``2017-06-05``, ``2017-06-05T09:00``, with or without a zone (else UTC)."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The time, aware."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time; write it like 2017-06-05 or 2017-06-05T09:00+01:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command(
    short_help="Is this an attack, on whom, by whom, and who fell?",
    epilog="""\b
Exit status: 0 nothing found, 3 an attack, 4 an account fell, 2 bad usage or unreadable input.
\b
Examples:
  serjeant investigate /var/log/auth.log* /var/log/mail.log* --accounts accounts.csv
  zcat old.gz | serjeant investigate - --year 2024 --json | jq .status""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--accounts", type=click.Path(path_type=Path), help="The directory as CSV: account, aliases, department …"
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("serjeant-report"),
    show_default=True,
    help="Folder for the report and for what was read; a later run goes on from it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print incident.json to stdout, and nothing else there.")
@click.option("--since", type=Moment(), help="Judge sign-ins from this time on.")
@click.option("--until", type=Moment(), help="Judge sign-ins before this time.")
@click.option("--format", "form", default="", help="Read all logs as this format.  [default: found by itself]")
@click.option("--config", type=click.Path(path_type=Path), help="Settings.  [default: ./serjeant.toml if there]")
@click.option("--year", type=click.IntRange(1980, 2200), help="Year of the first stamp, where stamps have none.")
@click.option("--timezone", help="Zone of stamps that name none, such as Europe/London.  [default: UTC]")
def investigate(
    paths: tuple[str, ...],
    accounts: Path | None,
    out: Path,
    as_json: bool,
    since: datetime | None,
    until: datetime | None,
    form: str,
    config: Path | None,
    year: int | None,
    timezone: str | None,
) -> None:
    """Read logs and say: is this an attack, on whom, by whom, and who fell.

    PATHs are files, folders, globs, or - for standard input; plain, gz, bz2, xz or zst; in any order and mixture.
    """
    from serjeant.app import Serjeant, now
    from serjeant.cli.progress import shown
    from serjeant.config import load
    from serjeant.detect.evidence import Window
    from serjeant.report.writers import document

    settings = load(config)
    if timezone is not None:
        try:
            settings = replace(settings, timezone=timezone)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if since is not None and until is not None and since >= until:
        raise click.UsageError("--since must be before --until")
    moment = now()
    serjeant = Serjeant(out, settings)
    with shown() as steps:
        incident = serjeant.investigate(
            paths,
            now=moment,
            accounts=accounts,
            window=Window(since, until),
            form=form,
            year=year,
            steps=steps,
        )
        steps.say("drawing the report")
        serjeant.write(incident)
    if as_json:
        click.echo(document.dumps(incident))
    else:
        from rich.console import Console

        from serjeant.report.writers import screen

        screen.render(incident, out=str(out), console=Console())
    if any(each.assessment == "compromised" for each in incident.accounts):
        sys.exit(EXIT_FELL)
    sys.exit(EXIT_ATTACK if incident.status == "attack" else 0)
