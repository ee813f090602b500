"""simulate: labelled worlds as log files."""

from pathlib import Path

import click


@click.command(
    short_help="Write a world whose truth is known.",
    epilog="""\b
Examples:
  serjeant simulate parliament --out demo
  serjeant simulate quiet --out monday --seed 7 --days 10 --accounts 500""",
)
@click.argument("world", type=click.Choice(["quiet", "parliament", "council"]))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
@click.option("--accounts", type=click.IntRange(200, 1_000_000), default=9000, show_default=True, help="Accounts.")
@click.option("--days", type=click.IntRange(3, 400), help="Length.  [default: 30, 24, 7]")
def simulate(world: str, out: Path, seed: int, accounts: int, days: int | None) -> None:
    """Write a world whose truth is known: logs, accounts.csv and truth.json.

    quiet: a month of honest people with all their mistakes. parliament: June 2017, 9,000 accounts, three weeks of
    quiet guessing, then 200,000 attempts in hours. council: a week at eleven products (mail, VPN, web, domain, cloud),
    each with its own log; sign-ins.csv beside them has every sign-in.
    """
    from serjeant.proving.simulate import simulate as write

    truth = write(world, out, seed=seed, accounts=accounts, days=days)
    click.echo(f"{truth.logins} sign-ins in {out}/logs; the truth is in {out}/truth.json", err=True)
