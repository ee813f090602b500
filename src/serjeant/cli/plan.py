"""plan: what could be done about it, seen before it is done."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from serjeant.cli.investigate import Moment

STAGES = ("prepare", "close", "clean", "reopen")
SHAPES = ("text", "json", "csv")

folder = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("serjeant-report"),
    show_default=True,
    help="Folder of the investigation.",
)
config = click.option(
    "--config", type=click.Path(path_type=Path), help="Settings.  [default: ./serjeant.toml if there]"
)
accounts = click.option("--accounts", type=click.Path(path_type=Path), help="The directory as CSV, for departments.")
reason = click.option("--reason", default="", help="Why, for the ledger.")
stage = click.option(
    "--stage", "stages", type=click.Choice(STAGES), multiple=True, help="Only this stage; may be given again."
)
shape = click.option(
    "--as", "form", type=click.Choice(SHAPES), default="text", show_default=True, help="In which form."
)


def opened(out: Path, config: Path | None) -> Any:
    """The plans of a folder."""
    from serjeant.config import load
    from serjeant.plan import Plans

    return Plans(out, load(config))


@click.group(
    short_help="What can we do, and what will it break?",
    epilog="""\b
Examples:
  serjeant plan propose
  serjeant plan approve P1 --stage close --reason 'agreed with the duty officer'""",
)
def plan() -> None:
    """Propose measures for an attack, see what each would stop and whom it would cut off, and say yes to them.

    Nothing is done before `serjeant act` runs, and where [contain] simulate is true nothing then either.
    """


@plan.command(
    short_help="Make a plan for the attack that was found.",
    epilog="""\b
Examples:
  serjeant plan propose
  serjeant plan propose --accounts accounts.csv --reason 'C1 is all of us'""",
)
@accounts
@reason
@folder
@config
def propose(accounts: Path | None, reason: str, out: Path, config: Path | None) -> None:
    """Make a plan for the attack that was found, by the ladder of the settings; guardrails say what they left out."""
    from serjeant.app import now
    from serjeant.cli.plan_text import shown

    plans = opened(out, config)
    made = plans.propose(reason=reason, now=now(), accounts=accounts)
    for line in shown(made, plans.house()):
        click.echo(line)
    click.echo(f"\nSee what it would do: serjeant plan preview {made.uid}")


@plan.command(
    short_help="The measures of a plan and how they stand.",
    epilog="""\b
Examples:
  serjeant plan show P1
  serjeant plan show P1 --as json""",
)
@click.argument("uid")
@shape
@folder
@config
def show(uid: str, form: str, out: Path, config: Path | None) -> None:
    """The measures of a plan, stage by stage, and how each stands."""
    from serjeant.cli.plan_text import rows, shown, table

    plans = opened(out, config)
    made, house = plans.plan(uid), plans.house()
    for line in shown(made, house) if form == "text" else table(rows(house, uid), form):
        click.echo(line)


@plan.command(
    short_help="Whom it would stop, and whom it would cut off.",
    epilog="""\b
Examples:
  serjeant plan preview P1 --accounts accounts.csv
  serjeant plan preview P1 --json | jq .stages.close.accounts""",
)
@click.argument("uid")
@accounts
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@folder
@config
def preview(uid: str, accounts: Path | None, json_wanted: bool, out: Path, config: Path | None) -> None:
    """Replay a plan on your own sign-ins: what it would have stopped, and which honest people it would have refused.

    Devices are asked what they hold, and say what they would do; nothing is changed.
    """
    from serjeant.app import now
    from serjeant.cli.plan_text import as_json, previewed

    plans = opened(out, config)
    seen, stages = plans.preview(uid, now=now(), accounts=accounts)
    if json_wanted:
        click.echo(json.dumps(as_json(seen, stages), indent=2))
        return
    for line in previewed(seen, stages, plans.targets):
        click.echo(line)


@plan.command(
    short_help="Say yes to a plan, or to one stage of it.",
    epilog="""\b
Examples:
  serjeant plan approve P1 --stage prepare --reason 'nothing is visible yet'
  serjeant plan approve P1 --stage close --reason 'agreed with the duty officer'""",
)
@click.argument("uid")
@stage
@click.option("--reason", required=True, help="Why, for the ledger.")
@folder
@config
def approve(uid: str, stages: tuple[str, ...], reason: str, out: Path, config: Path | None) -> None:
    """Say yes to a plan in your own name. `serjeant act` carries it out."""
    from serjeant.app import now

    plans = opened(out, config)
    its = plans.approve(uid, stages or STAGES, reason=reason, now=now())
    short = max(it.plan.needs - len(it.approvers) for it in its)
    click.echo(f"{uid}: {len(its)} measures approved by {', '.join(its[0].approvers)}")
    click.echo(f"{short} more must approve" if short > 0 else "carried out by: serjeant act")


@click.command(
    short_help="What if we had done this then?",
    epilog="""\b
Examples:
  serjeant whatif P1 --at 2017-06-20
  serjeant whatif P1 --at 2017-06-23T06:00+01:00 --stage close""",
)
@click.argument("uid")
@click.option("--at", "moment", type=Moment(), required=True, help="When the measures would have stood.")
@stage
@accounts
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@folder
@config
def whatif(
    uid: str,
    moment: datetime,
    stages: tuple[str, ...],
    accounts: Path | None,
    as_json: bool,
    out: Path,
    config: Path | None,
) -> None:
    """Replay a plan as if it had stood since some time: what would have been stopped, and who would not have fallen."""
    from serjeant.cli.plan_text import effects, figures

    plans = opened(out, config)
    found = plans.whatif(uid, stages or STAGES, moment, accounts=accounts)
    if as_json:
        click.echo(json.dumps(figures(found), indent=2))
        return
    click.echo(f"{uid}, had it stood since {moment:%Y-%m-%d %H:%M} UTC")
    for line in effects(found):
        click.echo(f"  {line}")
    saved, later = found.saved
    click.echo(f"  saves      {saved:,} of the {later:,} accounts that fell after that")
