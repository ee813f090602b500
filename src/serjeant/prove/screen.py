"""screen: a sheet on a terminal."""

from rich.console import Console
from rich.table import Table as Shown
from rich.text import Text

from serjeant.prove.sheet import Cell, Sheet, Table

_STYLES = {"met": "green", "unmet": "bold red"}


def render(sheet: Sheet, console: Console) -> None:
    """Everything but what the worlds and the rivals are, which is for reading."""
    for section in sheet.sections:
        figures = [table for table in section.tables if table.words < len(table.header)]
        if not figures:
            continue
        console.print(Text(section.title, style="bold"))
        for table in figures:
            console.print(_table(table))
            console.print()
    console.print(sheet.lead)


def _table(table: Table) -> Shown:
    shown = Shown(title=Text(table.caption), title_justify="left", box=None, pad_edge=False)
    for at, name in enumerate(table.header):
        shown.add_column(name, justify="left" if at < table.words else "right", overflow="fold")
    for cells in table.rows:
        shown.add_row(*(_cell(each) for each in cells))
    return shown


def _cell(cell: Cell) -> Text:
    return Text(cell.text, style=_STYLES.get(cell.state, ""))
