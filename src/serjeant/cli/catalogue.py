"""catalogue: what can be read, as a table on a terminal, for machines and for the docs; and one format whole."""

import csv
import importlib
import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from serjeant.collect.format import GROUPS, OWN, Format, Rule
from serjeant.collect.gives import NO, PARTLY, YES, Gives, gives, told_by
from serjeant.collect.record import Case
from serjeant.model.login import LOGINS
from serjeant.report.text import plain

_TICKS: Final = {YES: "●", PARTLY: "◐", NO: "·"}
_STYLES: Final = {YES: "", PARTLY: "dim", NO: "dim"}
_ASCII: Final = str.maketrans({"●": "x", "◐": "o", "·": ".", "…": "~", "–": "-"})
_HEADS: Final = {
    "account": "account",
    "source": "source",
    "outcome": "outcome",
    "reason": "reason",
    "mfa": "MFA",
    "fingerprint": "guess",
}
_NAME: Final = 20
_WIDE: Final = 140
"""Cells of a terminal that shows beside the ticks what a format cannot tell."""
_WIDEST: Final = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A format as it is listed."""

    form: Format
    gives: Gives

    def row(self) -> dict[str, str]:
        """For machines."""
        form = self.form
        return {"name": form.name, "title": form.title, "group": form.group, **self.gives.words(), "lacks": form.lacks}


def entries(formats: Sequence[Format]) -> list[Entry]:
    """By group, then by name."""
    order = list(GROUPS)
    return [Entry(form, gives(form)) for form in sorted(formats, key=lambda each: (order.index(each.group), each.name))]


def as_csv(listed: Sequence[Entry]) -> str:
    """With a header."""
    written = io.StringIO()
    table = csv.DictWriter(written, listed[0].row(), lineterminator="\n")
    table.writeheader()
    table.writerows(each.row() for each in listed)
    return written.getvalue()


def as_markdown(listed: Sequence[Entry]) -> str:
    """A table for each group, as it stands in ``docs/formats.md``."""
    out = []
    for group, title in GROUPS.items():
        rows = [each for each in listed if each.form.group == group]
        if not rows:
            continue
        out += [f"### {title}", "", f"| format | product | {' | '.join(_HEADS.values())} | what it cannot tell |"]
        out.append("|---|---|" + ":-:|" * len(_HEADS) + "---|")
        for each in rows:
            ticks = " | ".join(_TICKS[word] for word in each.gives.words().values())
            out.append(f"| `{each.form.name}` | {_escaped(each.form.title)} | {ticks} | {_escaped(each.form.lacks)} |")
        out.append("")
    return "\n".join(out)


def show(listed: Sequence[Entry], console: Console) -> None:
    """Prints the table: at most as wide as the terminal, whole in a pipe."""
    heads = " ".join(_HEADS.values())
    titles = max(cell_len(each.form.title) for each in listed)
    whole = not console.is_terminal or console.width >= _WIDE
    if console.is_terminal:
        titles = min(titles, max(20, console.width - _NAME - len(heads) - 4), 40 if whole else titles)
    for group, title in GROUPS.items():
        rows = [each for each in listed if each.form.group == group]
        if rows:
            _print(console, Text(f"{_cell(title, _NAME + titles + 2)} {heads}", "bold"))
            for each in rows:
                _print(console, _row(each, titles, whole=whole))
            _print(console, Text())
    legend = (
        f"{_TICKS[YES]} yes  {_TICKS[PARTLY]} not in every line, only who got in or who did not, or one reason for all"
    )
    _print(console, Text(legend, "dim"))
    _print(console, Text("guess: which guesses were alike, by a keyed fingerprint; never the password", "dim"))
    _print(console, Text(f"{len(listed)} formats. One whole: serjeant formats NAME. Your own: docs/formats.md", "dim"))


def _row(each: Entry, titles: int, *, whole: bool) -> Text:
    row = Text(f"  {_cell(each.form.name, _NAME)}{_cell(each.form.title, titles)}")
    for name, word in each.gives.words().items():
        row.append(f" {_TICKS[word]:^{len(_HEADS[name])}}", _STYLES[word])
    return row.append(f"  {each.form.lacks}", "dim") if whole else row


def show_one(entry: Entry, console: Console) -> None:
    """Prints one format: what must be known of it, and what each rule means."""
    form = entry.form
    width = min(console.width if console.is_terminal else _WIDEST, _WIDEST)
    _print(console, Text(f"{form.name}: {form.title}", "bold"))
    for paragraph in (*_about(form), f"It cannot tell: {form.lacks}" if form.group == OWN else form.lacks):
        _print(console, Text())
        for line in textwrap.wrap(plain(paragraph, 4000), width):
            _print(console, Text(line))
    _print(console, Text())
    given = ", ".join(f"{_HEADS[name]} {word}" for name, word in entry.gives.words().items())
    written = [*(["text"] if form.rules else []), *dict.fromkeys(record.kind for record in form.records)]
    facts = {"group": GROUPS[form.group], "gives": given, "reads": ", ".join(written) or "tables"}
    columns = {name for _, _, names in told_by(form) for name in names}
    facts["columns"] = ", ".join(name for name in LOGINS.names if name in {*columns, *form.gives})
    programs = [program for program in form.programs if not program.startswith("[")]
    if programs:
        facts["programs"] = ", ".join(programs)
    for name, fact in facts.items():
        for at, part in enumerate(textwrap.wrap(fact, width - 10)):
            _print(console, Text(f"{name if not at else '':<10}{part}"))
    _print(console, Text())
    for row in _rules(form):
        _print(console, row)


def _about(form: Format) -> Iterator[str]:
    """What its module says: for people who read its logs, as it stands above the rules."""
    if form.group == OWN:
        return
    about = importlib.import_module(f"serjeant.collect.formats.{form.name}").__doc__ or ""
    for paragraph in re.split(r"\n\s*\n", about.strip()):
        yield " ".join(paragraph.replace("``", "`").split())


def _rules(form: Format) -> Iterator[Text]:
    cases = {case.name: case for record in form.records for case in record.cases}
    told: list[Rule | Case] = [*form.rules, *cases.values()]
    if not told:
        return
    wide = max(len(each.name) for each in told)
    yield Text(f"{'rule':<{wide}}  {'outcome':<10}  {'reason':<15}  told by", "bold")
    for each in told:
        if each.outcome:
            yield Text(
                f"{each.name:<{wide}}  {each.outcome:<10}  {each.reason or '':<15}  {each.witness or ''}".rstrip()
            )
        else:
            yield Text(f"{each.name:<{wide}}  ignored", "dim")


def _cell(text: str, width: int) -> str:
    shown = plain(text, 200)
    if cell_len(shown) > width:
        shown = set_cell_size(shown, width - 1) + "…"
    return shown + " " * (width - cell_len(shown))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("``", "`")


def _print(console: Console, line: Text) -> None:
    line.rstrip()
    if not console.encoding.lower().startswith("utf"):
        line.plain = line.plain.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")
    elif console.is_terminal:
        line.truncate(console.width, overflow="ellipsis")
    console.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True, highlight=False)
