"""gives: what a format can tell, as its rules and records show it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl

from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.config.pattern import groups, inside

YES: Final = "yes"
PARTLY: Final = "partly"
NO: Final = "no"


@dataclass(frozen=True, slots=True)
class Gives:
    """Each is ``YES``, ``PARTLY`` or ``NO``.

    :param account: which name was tried; partly: not in every line that tells of an attempt
    :param source: from which address; partly likewise
    :param outcome: who got in and who did not; partly: only one of the two
    :param reason: why not, told apart; partly: always the same
    :param mfa: whether a second factor took part, or failed
    :param fingerprint: which guesses were alike
    """

    account: str
    source: str
    outcome: str
    reason: str
    mfa: str
    fingerprint: str

    def words(self) -> dict[str, str]:
        """By name."""
        return asdict(self)


def gives(form: Format) -> Gives:
    """What a format can tell."""
    told = list(told_by(form))
    reasons = {rule.reason for rule, _, _ in told} - {None, "other"}
    if any("reason" in columns for _, _, columns in told):
        reasons |= {"bad_password", "locked"}
    # A line that only shows that somebody tried stands beside the one that tells of the attempt.
    verdicts = [each for each in told if each[0].witness != "probe"] or told
    let_in = {rule.outcome == "success" for rule, _, _ in verdicts}
    columns = {name for _, _, names in told for name in names}
    return Gives(
        account=_share({"user_name"}, verdicts),
        source=_share({"src_ip", "forwarded"}, verdicts),
        outcome=(NO, PARTLY, YES)[len(let_in)],
        reason=(NO, PARTLY, YES)[min(len(reasons), 2)],
        mfa=YES if "is_mfa" in columns or "mfa" in reasons else NO,
        fingerprint=YES if {"guess_site", "guess_account"} & columns else NO,
    )


def _share(wanted: set[str], told: Sequence[tuple[Rule | Case, set[str], set[str]]]) -> str:
    if told and all(wanted & sure for _, sure, _ in told):
        return YES
    return PARTLY if any(wanted & possible for _, _, possible in told) else NO


def told_by(form: Format) -> Iterator[tuple[Rule | Case, set[str], set[str]]]:
    """Each kind of line that tells of a sign-in, the columns that it always fills, and those that it can fill."""
    if form.parse is not None:
        for outcome in ("success", "failure"):
            yield Rule("row", "", outcome), {*form.gives}, {*form.gives}
    for rule in form.rules:
        if rule.outcome:
            told = [group for group in groups(rule.pattern) if inside(rule.pattern, group)]
            sure = {group.name for group in told if group.certain} | {*rule.constants}
            yield rule, sure, sure | {group.name for group in told}
    for record in form.records:
        fields = _fields(record)
        for case in record.cases:
            if case.outcome:
                columns = {*fields, *case.groups, *case.constants}
                yield case, columns, columns


def _fields(record: Record) -> set[str]:
    """The fields as they are judged: of those that ``derive`` makes only their names are wanted."""
    found = pl.DataFrame(schema=dict.fromkeys(record.fields, pl.String))
    return set((found if record.derive is None else record.derive(found)).columns)
