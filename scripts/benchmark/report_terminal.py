"""Tables on the terminal."""

from rich.table import Table as RichTable
from rich.text import Text

from .comparison import HIGHER, losses
from .contenders import OWN


def show(console, tables):
    for table in tables:
        console.print()
        console.print(_rich(table))
    if not any(OWN in table.rows and len(table.rows) > 1 for table in tables):
        return
    found = losses(tables)
    console.print()
    if not found:
        console.print(f"No other server is ahead of {OWN} in any column.")
        return
    console.print(f"Where another is ahead of {OWN}:", style="bold")
    for sentence in found:
        console.print(f"  {sentence}", style="red", highlight=False)


def _rich(table):
    shown = RichTable(
        title=table.title, caption=table.note, title_justify="left", caption_justify="left"
    )
    shown.add_column("")
    if table.turned:
        for row in table.rows:
            shown.add_column(row)
        for column in table.columns:
            shown.add_row(column.title, *(_cell(column, row) for row in table.rows))
        return shown
    for column in table.columns:
        shown.add_column(column.title)
    for row in table.rows:
        title = Text(row, style="bold" if row == OWN else "")
        shown.add_row(title, *(_cell(column, row) for column in table.columns))
    return shown


def _cell(column, row):
    return Text(column.texts.get(row, ""), style=_style(column, row))


def _style(column, row):
    leaders = column.leaders()
    if row in leaders:
        return "green"
    if row == OWN and leaders:
        return "red"
    if column.better == HIGHER and column.values.get(row) == 0:
        return "red"
    return ""
