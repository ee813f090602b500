"""act: carries out what was approved. The only command that touches a device."""

import sys
import time
from pathlib import Path

import click

from serjeant.cli.plan import config, folder, opened

EXIT_OPEN = 5


@click.command(
    short_help="Do it: carry out what was approved, take back what is over.",
    epilog="""\b
Exit status: 0 all is as approved, 5 a door is open that was to be shut, 2 bad usage or settings.
\b
Examples:
  serjeant act
  serjeant act --watch 1""",
)
@click.option("--watch", type=click.FloatRange(0.1), metavar="SECONDS", help="Look again after so many seconds.")
@folder
@config
def act(watch: float | None, out: Path, config: Path | None) -> None:
    """Carry out what was approved, everywhere at once; take back what is over or was to be taken back.

    What was done is read back from each device. What fails is told, and tried again the next time.
    """
    from serjeant.app import now
    from serjeant.cli.plan_text import listed, still_open
    from serjeant.contain.standing import Standing

    plans = opened(out, config)
    told: dict[str, str] = {}

    def tick(it: Standing) -> None:
        (line, *more) = listed([it])
        if told.get(it.measure.uid) != it.says:
            told[it.measure.uid] = it.says
            click.echo("\n".join((line, *more)))

    while True:
        house = plans.act(now, tick)
        lines = list(still_open(house.measures.values()))
        if watch is None:
            break
        time.sleep(watch)
    for line in lines:
        click.echo(line, err=True)
    if not told:
        click.echo("nothing to do")
    sys.exit(EXIT_OPEN if lines else 0)
