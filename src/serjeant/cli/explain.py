"""explain: from a claim down to the log lines, or from a line up to what each rule made of it."""

from pathlib import Path

import click


@click.command(
    short_help="Show why Serjeant says what it says.",
    epilog="""\b
Examples:
  serjeant explain alice.smith
  serjeant explain /var/log/auth.log:1017""",
)
@click.argument("thing", metavar="ACCOUNT|SOURCE|CAMPAIGN|FILE:LINE")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("serjeant-report"),
    show_default=True,
    help="Folder of the investigation.",
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings.  [default: ./serjeant.toml if there]")
@click.option("--json", "as_json", is_flag=True, help="Print the log lines as JSON lines.")
def explain(thing: str, out: Path, config: Path | None, as_json: bool) -> None:
    """Show why Serjeant says what it says.

    An account, a source (address) or a campaign (C1) is followed down to its log lines; a FILE:LINE up to what each
    rule made of it.
    """
    from serjeant.config import load
    from serjeant.explain import explain as told

    for line in told(thing, out, load(config), as_json=as_json):
        click.echo(line)
