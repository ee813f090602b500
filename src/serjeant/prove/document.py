"""document: a sheet as Markdown."""

from collections.abc import Iterator

from serjeant.prove.sheet import Cell, Section, Sheet, Table


def render(sheet: Sheet) -> str:
    """The whole document."""
    return "\n".join(_lines(sheet)).rstrip() + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield f"# {sheet.title}"
    yield ""
    yield sheet.lead
    yield ""
    yield "```"
    yield sheet.command
    yield "```"
    yield ""
    yield "wrote this page from what it measured; nothing here is typed by hand."
    yield ""
    yield "| | |"
    yield "|---|--:|"
    for name, value in sheet.facts:
        yield f"| {_plain(name)} | {_plain(value)} |"
    yield ""
    for section in sheet.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    yield ""
    for says in section.says:
        yield _plain(says)
        yield ""
    for table in section.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.caption}"
    yield ""
    if table.note:
        yield _plain(table.note)
        yield ""
    yield _row(table.header)
    yield "|" + "|".join("---" if at < table.words else "--:" for at in range(len(table.header))) + "|"
    for cells in table.rows:
        yield _row([_cell(each) for each in cells])
    yield ""


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(_plain(each) for each in cells) + " |"


def _cell(cell: Cell) -> str:
    return f"**{cell.text}**" if cell.state == "unmet" else cell.text


def _plain(text: str) -> str:
    """Nothing in it can end a cell or begin a tag."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
