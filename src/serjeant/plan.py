"""plan: from an incident to measures: seen before they are done, done, taken back. Only ``act`` touches a device."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from serjeant.config import Settings
from serjeant.contain import policy
from serjeant.contain.case import Case, case
from serjeant.contain.connector import RefusedError
from serjeant.contain.executor import Executor
from serjeant.contain.records import Plan, plan_out
from serjeant.contain.standing import KINDS, House, Standing, standing
from serjeant.contain.targets import Target, targets
from serjeant.errors import UnreadableError, UsageError
from serjeant.model.measure import STAGES, Change, Measure
from serjeant.store.ledger import Ledger, Name, place

if TYPE_CHECKING:
    import polars as pl

    from serjeant.contain.preview import Preview
    from serjeant.model.account import Account

_AGAIN: Final = "run: serjeant investigate PATH… --out "


@dataclass(frozen=True)
class Seen:
    """A measure as it would be now.

    :param changes: what the device would do; empty where all is so already
    :param refused: why the device could not be asked; empty where it could
    """

    measure: Measure
    changes: tuple[Change, ...]
    preview: Preview
    refused: str = ""


class Plans:
    """The plans of one investigation's folder.

    :param out: the folder
    """

    def __init__(self, out: Path, settings: Settings) -> None:
        if not out.is_dir():
            raise UnreadableError("there is no investigation here", where=str(out), hint=f"{_AGAIN}{out}")
        self.out = out
        self.settings = settings
        self.targets: Mapping[str, Target] = targets(settings)
        self.ledger: Ledger = place(out, settings.ledger)
        self._executor: Executor | None = None

    def propose(self, *, reason: str, now: datetime, accounts: Path | None = None) -> Plan:
        """A plan for the incident of the folder, by the ladder; written into the ledger.

        :raises UsageError: there is no attack, or no target
        """
        known = self._case()
        if known is None:
            raise UsageError("there is no attack to answer", where=str(self.out), hint="see its report.html")
        if not self.targets:
            hint = "name one in serjeant.toml: [contain.targets.NAME], see docs/contain.md"
            raise UsageError("there is no place to do anything at", hint=hint)
        directory = self._directory(accounts)
        rows = self.footprints(known.since, known)
        second = rows.filter(rows["mfa"] > 0)["user"].unique().to_list()
        plans = self.house().plans
        while True:
            plan = policy.propose(
                known,
                self.settings,
                self.targets,
                uid=f"P{len(plans) + 1}",
                owner=actor(),
                now=now,
                second_factor=[each for each in second if not directory or each in directory],
            )
            self.ledger.append("plan", plan_out(plan), actor=actor(), reason=reason, now=now)
            plans = self.house().plans
            if plans[plan.uid] == plan:
                return plan

    def preview(
        self, uid: str, *, now: datetime, accounts: Path | None = None
    ) -> tuple[list[Seen], dict[str, Preview]]:
        """Each measure as it would be now, and each stage as a whole.

        :raises UsageError: there is no such plan
        """
        from serjeant.contain import preview

        plan = self.plan(uid)
        known = self._needed()
        rows = self.footprints(known.since, known)
        replay = partial(
            preview.preview,
            rows=rows,
            case=known,
            directory=self._directory(accounts).values(),
            telephone_first=self.settings.contain.telephone_first,
        )
        seen = []
        for measure in plan.measures:
            changes, refused = self._changes(measure)
            seen.append(
                Seen(measure, changes, replay([measure], reveals=[it.reveals for it in changes if it.reveals]), refused)
            )
        stages = {}
        for stage in STAGES:
            its = [each for each in seen if each.measure.stage == stage]
            if its:
                reveals = [it for each in its for it in each.preview.reveals]
                stages[stage] = replay([each.measure for each in its], reveals=reveals)
        self.ledger.append("previewed", {"plan": uid}, actor=actor(), reason=plan.incident, now=now)
        return seen, stages

    def whatif(self, uid: str, stages: Collection[str], moment: datetime, *, accounts: Path | None = None) -> Preview:
        """What a plan would have stopped, had its stages stood from a moment on."""
        from serjeant.contain import preview

        plan = self.plan(uid)
        known = self._needed()
        return preview.preview(
            [each for each in plan.measures if each.stage in stages],
            self.footprints(moment, known),
            known,
            directory=self._directory(accounts).values(),
            telephone_first=self.settings.contain.telephone_first,
            moment=moment,
        )

    def approve(self, uid: str, stages: Collection[str], *, reason: str, now: datetime) -> list[Standing]:
        """Says yes to stages of a plan, in the name of whoever runs this.

        :return: their measures as they stand now
        """
        plan = self.plan(uid)
        wanted = [each.uid for each in plan.measures if each.stage in stages]
        if not wanted:
            raise UsageError(f"{uid} has no measure in {', '.join(stages)}", hint=f"see: serjeant plan show {uid}")
        self.ledger.append("approved", {"plan": uid, "measures": wanted}, actor=actor(), reason=reason, now=now)
        house = self.house()
        return [house.measures[each] for each in wanted]

    def act(self, clock: Callable[[], datetime], tick: Callable[[Standing], None]) -> House:
        """One pass of the executor."""
        known = self._case()
        keep = policy.kept(self.settings, known)
        allowed = self.settings.contain.accounts_per_hour
        if self._executor is None:
            self.ledger.verify()  # nothing is done by a ledger that is not whole
            # One for all passes: it knows which place hangs still.
            self._executor = Executor(self.ledger, self.targets, lambda _: keep, allowed, clock, tick)
        self._executor.keep = lambda _: keep
        return self._executor.act()

    def extend(self, uid: str, ends: datetime, *, reason: str, now: datetime) -> None:
        """Another end for a measure."""
        it = self.measure(uid)
        if ends <= now:
            raise UsageError("that is over already", hint=f"to end it: serjeant measures revert {uid}")
        if ends <= it.measure.ends:
            raise UsageError(f"it stands until {it.measure.ends:%Y-%m-%d %H:%M} UTC", hint="name a later time")
        self.ledger.append(
            "extended", {"measure": uid, "ends": ends.isoformat()}, actor=actor(), reason=reason, now=now
        )

    def spare(self, uid: str, spares: Sequence[str], *, reason: str, now: datetime) -> None:
        """Lets accounts or networks through a measure that concerns everybody: how a closed house is reopened."""
        it = self.measure(uid)
        if it.measure.subjects:
            raise UsageError(
                f"{uid} names whom it concerns", hint=f"take them out: serjeant measures revert {uid} --only"
            )
        body = {"measure": uid, "spares": [each if "/" in each else Name(each) for each in spares]}
        self.ledger.append("spared", body, actor=actor(), reason=reason, now=now)

    def revert(self, uid: str, only: Sequence[str] | None, *, reason: str, now: datetime) -> None:
        """Takes a measure back, or some subjects of it; ``act`` does it."""
        it = self.measure(uid)
        names: list[str] | None = None
        if only is not None:
            strange = [each for each in only if each not in it.measure.subjects]
            if strange:
                raise UsageError(f"{uid} does not concern {strange[0]}", hint=f"see: serjeant measures show {uid}")
            names = [Name(each) for each in only] if it.measure.of_accounts else list(only)
        self.ledger.append("revert", {"measure": uid, "subjects": names}, actor=actor(), reason=reason, now=now)

    def house(self) -> House:
        """All plans and measures as they stand."""
        return standing(self.ledger.entries(KINDS))

    def plan(self, uid: str) -> Plan:
        """A plan by its uid.

        :raises UsageError: there is none
        """
        plans = self.house().plans
        if uid not in plans:
            known = f"there is {', '.join(plans)}" if plans else "make one: serjeant plan propose"
            raise UsageError(f"there is no plan {uid!r}", hint=known)
        return plans[uid]

    def measure(self, uid: str) -> Standing:
        """A measure that has not ended, by its uid."""
        measures = self.house().measures
        if uid not in measures:
            raise UsageError(f"there is no measure {uid!r}", hint="see: serjeant measures list")
        if measures[uid].ended:
            raise UsageError(f"{uid} has ended", hint="propose it again: serjeant plan propose")
        return measures[uid]

    def footprints(self, since: datetime, known: Case) -> pl.DataFrame:
        """The sign-ins of the folder, counted for previews."""
        from serjeant.contain import preview
        from serjeant.store.engine import Engine
        from serjeant.store.lake import Lake

        lake = Lake(self.out / "lake")
        days = [path for day in lake.days() if (path := lake.table("logins", day)).exists()]
        engine = Engine(lake.path)
        try:
            engine.bind("logins", days)
            return engine.rows("footprints", lambda: preview.footprints(since, known.at))
        finally:
            engine.close()

    def _changes(self, measure: Measure) -> tuple[tuple[Change, ...], str]:
        target = self.targets.get(measure.target)
        if target is None:
            return (), f"there is no target {measure.target!r} in the settings"
        try:
            state = target.connector.read(target.settings, measure)
            return tuple(target.connector.changes(target.settings, measure, state)), ""
        except RefusedError as error:
            return (), str(error)

    def _case(self) -> Case | None:
        try:
            incident: dict[str, Any] = json.loads((self.out / "incident.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise UnreadableError(
                "there is no investigation here", where=str(self.out), hint=f"{_AGAIN}{self.out}"
            ) from error
        return case(incident)

    def _needed(self) -> Case:
        known = self._case()
        if known is None:
            raise UsageError("there is no attack to replay", where=str(self.out), hint="see its report.html")
        return known

    def _directory(self, accounts: Path | None) -> dict[str, Account]:
        from serjeant.directory import csv

        if accounts is None:
            return {}
        directory, _ = csv.read(accounts, frozenset(self.settings.domains))
        return {each.account: each for each in directory.accounts}


def actor() -> str:
    """Who runs this: the account of the system, and who became root by sudo.

    What the environment says is believed of root only, who could be anybody anyway: two people are two accounts.
    """
    uid = os.getuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
    before = os.environ.get("SUDO_USER", "") if uid == 0 else ""
    return f"{before} (as {name})" if before and before != name else name
