"""prove: how well Serjeant does, on worlds whose truth is known."""

import os
import shlex
import sys
from pathlib import Path

import click


@click.command(
    short_help="Grade the answers on worlds from unseen seeds.",
    epilog="""\b
Exit status: 0 every bound is met, 1 one is not.
\b
Examples:
  serjeant prove --world parliament --seeds 1
  serjeant prove --matrix --clean --frontier --seeds 10 --keep proofs --html how-well-it-works.html""",
)
@click.option("--world", "worlds", multiple=True, metavar="NAME", help="This one: parliament, quiet, A7, 'A7 expiry' …")
@click.option("--matrix", is_flag=True, help="Every attack, and whatever else may go on.")
@click.option("--clean", is_flag=True, help="Ninety days without an attack.")
@click.option("--frontier", is_flag=True, help="Ever fewer guesses from ever more addresses.")
@click.option("--rivals/--no-rivals", default=True, help="Others judge the same sign-ins.  [default: they do]")
@click.option("--seeds", type=click.IntRange(1, 1000), default=5, show_default=True, help="Worlds of each kind.")
@click.option("--first-seed", type=click.IntRange(5), default=100, show_default=True, help="0 to 4 are for tuning.")
@click.option("--accounts", type=click.IntRange(200, 1_000_000), help="Accounts.  [default: 9000 in logs, else 2000]")
@click.option("--jobs", type=click.IntRange(1, 256), help="Worlds at once.  [default: one for each core]")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Folder from which a later run goes on.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write all of it as a page.")
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write all of it as Markdown.")
@click.option("--json", "as_json", is_flag=True, help="Print the grades as JSON.")
def prove(
    worlds: tuple[str, ...],
    matrix: bool,
    clean: bool,
    frontier: bool,
    rivals: bool,
    seeds: int,
    first_seed: int,
    accounts: int | None,
    jobs: int | None,
    keep: Path | None,
    html: Path | None,
    markdown: Path | None,
    as_json: bool,
) -> None:
    """Draw worlds from unseen seeds, judge them, and print the grades beside the bounds.

    Where none is named, they are parliament and quiet, which are written as logs and read back. The others are drawn as
    sign-ins: the attacks A1 to A14, alone or with what makes them harder to see, clean days, and the frontier.
    """
    from serjeant.prove.proof import TEXTS, Asked
    from serjeant.prove.proof import prove as run
    from serjeant.prove.tasks import every_attack, the_frontier

    drawn = [each for each in worlds if each not in TEXTS]
    drawn += [*["clean"] * clean, *(every_attack() if matrix else ()), *(the_frontier() if frontier else ())]
    asked = Asked(
        texts=[each for each in TEXTS if each in worlds or not (worlds or drawn)],
        worlds=drawn,
        seeds=range(first_seed, first_seed + seeds),
        accounts=accounts,
        rivals=rivals,
        jobs=jobs or os.cpu_count() or 1,
        keep=keep,
        page=html,
        document=markdown,
        as_json=as_json,
        command=shlex.join(["serjeant", *sys.argv[1:]]),
    )
    if not run(asked):
        sys.exit(1)
