"""door: the decision API, asked by services whether somebody may sign in."""

from importlib import resources
from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    short_help="Answer services that ask whether somebody may sign in.",
    epilog="""\b
Examples:
  serjeant door --decisions /var/lib/serjeant/decisions.json
  serjeant door --decisions decisions.json --listen unix:/run/serjeant/door.sock""",
)
@click.option("--decisions", type=_FILE, help="File that the connector `decisions` writes.")
@click.option(
    "--listen", multiple=True, default=["127.0.0.1:14001"], show_default=True, help="Address and port, or unix:PATH."
)
@click.option("--key-file", type=_FILE, help="File of keys, one a line; TCP needs one of them.")
@click.option("--reports", type=_FILE, help="File to add the sign-ins to that services report.")
@click.option("--accounts", type=_FILE, help="List of accounts (CSV), for their other names.")
@click.option("--trap-sources", is_flag=True, help="Turn blocked sources away after their password was judged.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings.  [default: ./serjeant.toml if there]")
@click.option("--pam-helper", is_flag=True, help="Print the helper for PAM, and end.")
def door(
    decisions: Path | None,
    listen: tuple[str, ...],
    key_file: Path | None,
    reports: Path | None,
    accounts: Path | None,
    *,
    trap_sources: bool,
    config: Path | None,
    pam_helper: bool,
) -> None:
    """Answer Dovecot, nginx, FreeRADIUS and PAM when they ask whether somebody may sign in.

    Whom it turns away stands on standard error, a JSON object a line, with the rule. In doubt it lets people in.
    """
    if pam_helper:
        click.echo((resources.files("serjeant.web") / "serjeant-pam").read_text("utf-8"), nl=False)
        return
    if decisions is None:
        raise click.UsageError("name the file of decisions with --decisions FILE")
    from serjeant.config import load
    from serjeant.web.serve import Asked, serve

    serve(Asked(decisions, listen, key_file, reports, accounts, trap_sources), load(config))
