"""simulate: labelled worlds as log files."""

from pathlib import Path

import click


def _list(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from serjeant.proving import matrix
    from serjeant.proving.simulate import WORLDS

    attacks = {name: shape.says for name, shape in matrix.ATTACKS.items()}
    for title, named in {
        "Written as logs:": WORLDS,
        "Drawn as sign-ins:": {matrix.CLEAN: "Ninety days without an attack, and with every trap there is.", **attacks},
        "With one of those, after its name:": {**matrix.CONFOUNDERS, **matrix.ADVERSARIES},
    }.items():
        click.echo(title)
        for name, says in named.items():
            click.echo(f"  {name:<11} {says}")
    context.exit()


@click.command(
    short_help="Write a world whose truth is known.",
    epilog="""\b
Examples:
  serjeant simulate parliament --out demo
  serjeant simulate 'A7 expiry' --out exercise --seed 7 --accounts 500""",
)
@click.argument("world")
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="Which worlds there are.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
@click.option("--accounts", type=click.IntRange(200, 1_000_000), default=9000, show_default=True, help="Accounts.")
@click.option("--days", type=click.IntRange(3, 400), help="Length.  [default: the world's]")
def simulate(world: str, out: Path, seed: int, accounts: int, days: int | None) -> None:
    """Write a world whose truth is known: logs, accounts.csv and truth.json.

    quiet: a month of honest people with all their mistakes. parliament: June 2017, 9,000 accounts, three weeks of
    quiet guessing, then 200,000 attempts in hours. council: a week at eleven products (mail, VPN, web, domain, cloud),
    each with its own log; sign-ins.csv beside them has every sign-in. The others are written as JSON lines, and are
    attacks (A1 to A14), each alone or with what makes it harder to see, and clean: 90 days with every trap.
    """
    from serjeant.proving.simulate import simulate as write

    truth = write(world, out, seed=seed, accounts=accounts, days=days)
    click.echo(f"{truth.logins} sign-ins in {out}/logs; the truth is in {out}/truth.json", err=True)
