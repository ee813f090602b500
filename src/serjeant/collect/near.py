"""near: the rules that a line begins like, to show why one fits and another does not."""

from collections.abc import Iterator, Sequence

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format


def near(text: str, known: Sequence[Format], around: Sequence[Envelope]) -> Iterator[tuple[str, str, bool]]:
    """Rules whose plain beginning a line has, of formats that read lines of its program.

    :param text: a whole line
    :return: ``format:rule``, the beginning, and whether the rule fits
    """
    seen: set[str] = set()
    for program, message in _messages(text, around):
        for form in known:
            if form.wrote(program):
                for rule in form.rules:
                    name = f"{form.name}:{rule.name}"
                    if rule.prefix and message.startswith(rule.prefix) and name not in seen:
                        seen.add(name)
                        yield name, rule.prefix, bool(pl.Series([message]).str.contains(rule.pattern)[0])


def _messages(text: str, around: Sequence[Envelope]) -> Iterator[tuple[str, str]]:
    """What lies in each envelope that fits, and the program that wrote it."""
    line = pl.Series([text])
    for envelope in around:
        found = line.str.extract_groups(envelope.pattern)[0]
        if found["header"] is not None:
            yield envelope.program or found.get("program") or "", text.removeprefix(found["header"])
