"""formats: a format of the user's own, as ``[formats.NAME]`` and its ``[[formats.NAME.rules]]`` describe it.

What a person writes wrongly at first try is found as the file is read, and said in one line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from serjeant.config import check
from serjeant.config.typed import each_known
from serjeant.model.login import OUTCOMES, REASONS

_NAME: Final = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")
Constants = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """One kind of line: a table ``[[formats.NAME.rules]]``."""

    name: str = field(default="", metadata={"help": "what the line is, in a word; empty: its number"})
    pattern: str = field(default="", metadata={"help": "of text: RE2 pattern of the message, ^…$, with named columns"})
    where: Constants = field(
        default_factory=dict, metadata={"help": "of objects: field = pattern that its whole text must match"}
    )
    outcome: str = field(default="", metadata={"help": "success, failure, challenged or refused"})
    reason: str = field(default="", metadata={"help": "why, in one of our words; empty: other"})
    ignore: bool = field(default=False, metadata={"help": "such lines tell of no sign-in"})
    outcomes: Mapping[str, str] = field(
        default_factory=dict, metadata={"help": "in the place of outcome: the log's word = our outcome"}
    )
    reasons: Mapping[str, str] = field(
        default_factory=dict, metadata={"help": "in the place of reason: the log's word = our reason; else other"}
    )
    constants: Constants = field(
        default_factory=dict, metadata={"help": "our column = what it always is in such lines"}
    )


@dataclass(frozen=True, slots=True)
class FormatSettings:
    """How one product of the house writes sign-ins: a table ``[formats.NAME]``."""

    rules: tuple[RuleSettings, ...] = field(metadata={"help": "one table [[formats.NAME.rules]] for each kind of line"})
    kind: Literal["text", "json", "logfmt"] = field(
        default="text", metadata={"help": "how a line is written; json: an object, logfmt: key=value"}
    )
    title: str = field(default="", metadata={"help": "as people call the product"})
    programs: tuple[str, ...] = field(default=(), metadata={"help": "the names under which it writes to syslog"})
    starts: str = field(
        default="", metadata={"help": "pattern of what begins each line of its own log, with the group time"}
    )
    time_format: str = field(default="", metadata={"help": "strptime pattern of the time; empty: found out"})
    fields: Mapping[str, str | tuple[str, ...]] = field(
        default_factory=dict, metadata={"help": "of objects: our column, or a name for where = path or key"}
    )
    constants: Constants = field(default_factory=dict, metadata={"help": "our column = what it always is in this log"})

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        if not self.rules:
            raise ValueError("has no rules; add [[formats.NAME.rules]] for each kind of line")
        if not all(self.programs):
            raise ValueError("programs: a name is empty; write it as portald, or leave programs out")
        if self.kind == "text" and self.fields:
            raise ValueError('fields are for objects; set kind = "json", or name columns in the pattern')
        if self.kind != "text" and not self.fields:
            raise ValueError('kind says objects, and fields is missing; write fields = { user_name = "path.to.it", … }')
        check.constants(self.constants)
        check.time(self)
        titles = [title for title, _ in self.titled()]
        twice = [title for title in titles if titles.count(title) > 1]
        if twice:
            raise ValueError(f"two rules have the name {twice[0]!r}; give each its own")
        for title, rule in self.titled():
            try:
                self._check(rule)
            except ValueError as error:
                raise ValueError(f"rule {title}: {error}") from None
        check.fields(self)
        if not any(self._names(rule) for rule in self.rules):
            raise ValueError("no rule tells the user_name; capture it as (?P<user_name>.*), or put it into fields")

    def titled(self) -> list[tuple[str, RuleSettings]]:
        """The rules with their names, or numbers."""
        return [(rule.name or str(number), rule) for number, rule in enumerate(self.rules, 1)]

    def columns(self, rule: RuleSettings) -> set[str]:
        """What a rule reads: the groups of its patterns, and the fields."""
        return {*check.captured(rule), *self.fields}

    def _names(self, rule: RuleSettings) -> bool:
        return not rule.ignore and "user_name" in {*self.columns(rule), *self.constants, *rule.constants}

    def _check(self, rule: RuleSettings) -> None:
        if rule.name:
            named(rule.name, "name")
        told = [word for word in ("outcome", "outcomes", "ignore") if getattr(rule, word)]
        if len(told) != 1:
            says = f"says {' and '.join(told)}; keep one" if told else "does not say what the line means"
            raise ValueError(f'{says}; write outcome = "failure", or ignore = true where it tells of no sign-in')
        if self.kind == "text":
            check.message(rule)
        else:
            check.objects(rule, self.fields)
        check.constants(rule.constants)
        each_known("outcome", [rule.outcome] if rule.outcome else rule.outcomes.values(), OUTCOMES)
        each_known("reason", filter(None, [rule.reason, *rule.reasons.values()]), REASONS)
        if rule.reason and (rule.reasons or rule.ignore or rule.outcome == "success"):
            raise ValueError("reason says why an attempt did not succeed; take it out here")
        for word in ("outcome", "reason"):
            self._words(rule, word)

    def _words(self, rule: RuleSettings, word: str) -> None:
        """What the log says in its own words needs ours beside it."""
        meanings: Mapping[str, str] = getattr(rule, f"{word}s")
        is_told = word in check.captured(rule) if self.kind == "text" else word in self.fields
        if meanings and not is_told:
            where = f"the pattern has no (?P<{word}>…)" if self.kind == "text" else f"fields has no {word}"
            raise ValueError(f"{word}s: {where}, so there is no word to translate; add it")
        if self.kind == "text" and is_told and not meanings:
            raise ValueError(f'the pattern captures {word}, so say what its words mean: {word}s = {{ "word" = "…" }}')
        check.words(rule, word)


def named(name: str, what: str) -> None:
    """Refuses a name that is hard to type or to read.

    :raises ValueError: which says what it is the name of
    """
    if not _NAME.match(name):
        raise ValueError(f"{what}: a name has small letters, digits, - and _, at most 40; write it as our-portal")
