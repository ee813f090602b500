"""own: the formats that the settings describe become formats as the built-in ones are.

A word of the log that says how an attempt ended becomes a rule of its own, so that a word nobody explained is a line
that nobody knew.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import polars as pl

from serjeant.collect import bare
from serjeant.collect.envelope import Envelope
from serjeant.collect.format import OWN, Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, bsd, dated, moment
from serjeant.config.formats import FormatSettings, RuleSettings
from serjeant.config.pattern import groups, inside, replaced, spelt, whole

_TOLD: Final = {"outcome": "told_outcome", "reason": "told_reason"}
"""Fields whose words are the log's, not ours."""

Time = Callable[[pl.Series, Clock], pl.Series]
Constants = Mapping[str, str | bool]


def formats(settings: Mapping[str, FormatSettings]) -> tuple[Format, ...]:
    """A format for each table ``[formats.NAME]``.

    :param settings: by a name that the user chose
    """
    return tuple(_format(name, given) for name, given in settings.items())


def _format(name: str, given: FormatSettings) -> Format:
    given = replace(
        given, constants={"service": name, **given.constants} if "service" not in given.fields else given.constants
    )
    time = partial(_dated, given.time_format) if given.time_format else _any
    # No syslog tag can have brackets.
    inner = f"[{name}]"
    around: tuple[Envelope, ...] = ()
    if given.starts:
        begins = spelt(given.starts).removeprefix("^").replace("(?P<time>", "(?P<stamp>")
        around = (Envelope(f"{name}-starts", f"^(?P<header>{begins})", time, program=inner),)
    elif given.kind == "text" and not given.programs:
        around = bare.envelopes(inner)
    return Format(
        name=name,
        title=given.title or name,
        group=OWN,
        programs=(*given.programs, *((inner,) if around else ())),
        rules=tuple(rule for title, each in given.titled() for rule in _rules(title, each, given))
        if given.kind == "text"
        else (),
        envelopes=around,
        records=() if given.kind == "text" else (_record(given, time),),
        lacks="It tells what its rules in the settings read.",
    )


def _rules(title: str, each: RuleSettings, given: FormatSettings) -> Iterator[Rule]:
    pattern = spelt(each.pattern)
    # A quicker pattern for plain names is right only where nothing behind the name looks like one.
    pattern = pattern.replace("(?P<user_name>.*)", "(?P<user_name>(?:.*))")
    if each.ignore:
        yield Rule(title, pattern)
        return
    for name, said, outcome, reason in _meanings(title, each):
        fits = pattern
        for column, word in said.items():
            for group in [group for group in groups(fits) if group.name == column]:
                fits = replaced(fits, group, f"(?:{inside(fits, group) if word is None else _literally(word)})")
        captured = {group.name for group in groups(fits)}
        yield Rule(name, fits, outcome, reason, constants=_constants(each, given, captured))


def _record(given: FormatSettings, time: Time) -> Record:
    cases = (case for title, each in given.titled() for case in _cases(title, each, given))
    return Record(
        {_TOLD.get(ours, ours): _paths(told) for ours, told in given.fields.items()},
        tuple(cases),
        given.kind,
        time=time,
    )


def _cases(title: str, each: RuleSettings, given: FormatSettings) -> Iterator[Case]:
    where = {_TOLD.get(name, name): whole(pattern) for name, pattern in each.where.items()}
    if each.ignore:
        yield Case(title, where)
        return
    captured = {group.name for pattern in where.values() for group in groups(pattern)}
    if not given.programs and not given.starts and "user_name" in given.fields:
        # Nothing else says whose object it is, and others have a time and a word for success as well.
        where = {"user_name": "^(?s:.+)$", **where}
    for name, said, outcome, reason in _meanings(title, each):
        fits = {_TOLD[column]: f"^(?s:{_literally(word)})$" for column, word in said.items() if word is not None}
        yield Case(
            name, {**where, **fits}, outcome, reason, constants=_constants(each, given, {*captured, *given.fields})
        )


def _meanings(title: str, each: RuleSettings) -> Iterator[tuple[str, dict[str, str | None], str, str | None]]:
    """Its names, the words that stand for outcome and reason (None: any), and what they mean."""
    outcomes: list[tuple[str | None, str]] = [*each.outcomes.items()] or [(None, each.outcome)]
    for word, outcome in outcomes:
        said = {"outcome": word} if word is not None else {}
        name = title if word is None else f"{title}:{word}"
        if each.reasons and outcome != "success":
            for why, reason in each.reasons.items():
                yield f"{name}:{why}", {**said, "reason": why}, outcome, reason
        anything: dict[str, str | None] = {"reason": None} if each.reasons else {}
        yield name, {**said, **anything}, outcome, None if outcome == "success" else each.reason or "other"


def _constants(each: RuleSettings, given: FormatSettings, read: set[str]) -> Constants:
    """What a rule says wins over what holds for all lines, and so does what it reads."""
    general = {name: value for name, value in given.constants.items() if name not in read}
    told = {**general, **each.constants}
    return {name: value if isinstance(value, bool) else str(value) for name, value in told.items()}


def _literally(word: str) -> str:
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", word)


def _paths(told: str | tuple[str, ...]) -> tuple[str, ...]:
    """A path, or else a key that has dots itself."""
    several = (told,) if isinstance(told, str) else told
    return tuple(
        each for path in several for each in ((path, f'"{path}"') if "." in path and '"' not in path else (path,))
    )


def _dated(form: str, stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps.fill_null(""), form, clock)


def _any(stamps: pl.Series, clock: Clock) -> pl.Series:
    """ISO 8601, Unix time, or ``Jun  5 09:12:33``."""
    stamps = stamps.fill_null("")
    return bsd(stamps, clock) if stamps.str.contains("^[A-Z][a-z]{2} ").any() else moment(stamps, clock)
