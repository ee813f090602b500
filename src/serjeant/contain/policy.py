"""policy: from an incident to a plan, by the ladder of the settings; the guardrails decide what of it may stand."""

from collections.abc import Collection, Mapping
from datetime import datetime

from serjeant.config import Settings
from serjeant.config.contain import LADDER, RungSettings
from serjeant.contain.case import Case
from serjeant.contain.guardrails import Guarded, guarded, too_many
from serjeant.contain.records import Plan
from serjeant.contain.targets import Target
from serjeant.model.measure import OF_ACCOUNTS, OF_SOURCES, Measure

_SHOWN = 3


def propose(
    case: Case,
    settings: Settings,
    targets: Mapping[str, Target],
    *,
    uid: str,
    owner: str,
    now: datetime,
    second_factor: Collection[str] = (),
) -> Plan:
    """The plan that the ladder asks for, rung by rung, at every place that can do it.

    :param uid: of the plan, as ``P1``
    :param owner: who answers for it
    :param second_factor: accounts that were seen to use one: they are spared where remote access is closed
    """
    keep = kept(settings, case)
    measures: list[Measure] = []
    dropped: list[str] = []
    for rung in settings.contain.ladder or LADDER:
        subjects = _subjects(rung, case)
        wanted = rung.when == "attack" or bool(case.fallen)
        if not wanted or (rung.action in OF_SOURCES | OF_ACCOUNTS and rung.of != "everybody" and not subjects):
            continue
        for target in targets.values():
            if rung.action not in target.actions or (rung.targets and target.name not in rung.targets):
                continue
            measure = Measure(
                uid=f"{uid}.{len(measures) + 1}",
                action=rung.action,
                stage=rung.stage,
                target=target.name,
                subjects=subjects,
                spares=_spares(rung, settings, second_factor),
                services=rung.services or target.services,
                ends=now + (rung.ends or settings.contain.ends),
                reason=case.says,
                owner=owner,
            )
            allowed, out = guarded(measure, keep)
            dropped += _told(measure, [(each.subject, each.rule) for each in out])
            if allowed is not None:
                measures.append(allowed)
    accounts = {each for it in measures if it.of_accounts for each in it.subjects}
    many = too_many(len(accounts), 0, settings.contain.accounts_per_hour)
    needs = max(settings.contain.approvals, 2 if many else 1)
    return Plan(uid, case.says, tuple(measures), needs, tuple(dict.fromkeys(dropped)))


def kept(settings: Settings, case: Case | None) -> Guarded:
    """What the guardrails keep, by the settings and by what the case knows."""
    contain = settings.contain
    return Guarded(
        own=settings.own_networks,
        never_block=contain.never_block,
        never_contain=frozenset(contain.never_contain),
        administrators=frozenset(contain.administrators),
        shared=case.shared if case else frozenset(),
        fell=frozenset(case.fallen) | frozenset(case.suspected) if case else None,
    )


def _subjects(rung: RungSettings, case: Case) -> tuple[str, ...]:
    match rung.of:
        case "sources":
            return case.sources
        case "fallen":
            return tuple(sorted(case.fallen))
        case "suspected":
            return case.suspected
    return ()


def _spares(rung: RungSettings, settings: Settings, second_factor: Collection[str]) -> tuple[str, ...]:
    if rung.action != "close_remote":
        return ()
    return tuple(sorted({*settings.own_networks, *settings.contain.known_networks, *second_factor}))


def _told(measure: Measure, out: Collection[tuple[str, str]]) -> list[str]:
    """What was taken out, by rule, with a few of them."""
    rules: dict[str, list[str]] = {}
    for subject, rule in out:
        rules.setdefault(rule, []).append(subject)
    return [
        f"{measure.action}: {len(found):,} left out by {rule}: {', '.join(found[:_SHOWN])}"
        + (" …" if len(found) > _SHOWN else "")
        for rule, found in rules.items()
    ]
