"""prove: how well Serjeant does, on worlds whose truth is known."""

import sys

import click


@click.command(
    short_help="Grade the answers on worlds from unseen seeds.",
    epilog="""\b
Exit status: 0 every bound is met, 1 one is not.
\b
Examples:
  serjeant prove
  serjeant prove --world parliament --seeds 1""",
)
@click.option("--seeds", type=click.IntRange(1, 100), default=5, show_default=True, help="Worlds of each kind.")
@click.option("--first-seed", type=click.IntRange(5), default=100, show_default=True, help="0 to 4 are for tuning.")
@click.option("--world", "worlds", type=click.Choice(["parliament", "quiet"]), multiple=True, help="Only this kind.")
@click.option("--accounts", type=click.IntRange(200, 1_000_000), default=9000, show_default=True, help="Accounts.")
@click.option("--json", "as_json", is_flag=True, help="Print the grades as JSON.")
def prove(seeds: int, first_seed: int, worlds: tuple[str, ...], accounts: int, as_json: bool) -> None:
    """Draw worlds from unseen seeds, investigate them, and print the grades beside the bounds."""
    from serjeant.prove.texts import prove as run

    if not run(worlds or ("parliament", "quiet"), range(first_seed, first_seed + seeds), accounts, as_json=as_json):
        sys.exit(1)
