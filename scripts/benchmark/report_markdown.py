"""Tables as Markdown."""

from .comparison import losses
from .contenders import OWN


def render(tables, about):
    """The text of a Markdown document; `about` is what bench.py tells of the run."""
    lines = ["# Benchmark", "", _introduction(about)]
    for table in tables:
        lines += ["", f"## {table.title}", "", table.note, "", *_table(table)]
    lines += _losses(tables)
    return "\n".join(lines) + "\n"


def _introduction(about):
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return (
        f"Measured on {about['date']} by `{about['command']}` on {about['system']}, Python {about['python']}: "
        f"{versions}. Times belong to that machine; ratios and counts carry over to a board. Bold marks this library, "
        "and the best server of each comparison."
    )


def _table(table):
    cells = [[_cell(table, column, row) for column in table.columns] for row in table.rows]
    rows = [f"**{row}**" if row == OWN else row for row in table.rows]
    titles = [column.title for column in table.columns]
    if table.turned:
        cells = [list(line) for line in zip(*cells, strict=True)]
        rows, titles = titles, rows
    yield _row(["", *titles])
    yield _row(["---"] * (len(titles) + 1))
    for row, line in zip(rows, cells, strict=True):
        yield _row([row, *line])


def _cell(table, column, row):
    text = column.texts.get(row, "").replace("|", "\\|")
    return f"**{text}**" if text and row in column.leaders() and not table.turned else text


def _row(cells):
    return "| " + " | ".join(cells) + " |"


def _losses(tables):
    if not any(OWN in table.rows and len(table.rows) > 1 for table in tables):
        return []
    found = losses(tables)
    if not found:
        return ["", f"No other server is ahead of {OWN} in any column."]
    return ["", f"## Where another is ahead of {OWN}", "", *(f"- {text}" for text in found)]
