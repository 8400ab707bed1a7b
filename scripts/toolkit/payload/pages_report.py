"""What the pages take, as a table."""

from pathlib import Path

from rich.table import Table

from ..terminal import console, kilobytes
from . import first_visit, pages


def show(built: list, www: Path, out: Path) -> None:
    """Print source -> minified -> compressed for every page, and what the first visit costs."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Source", overflow="fold")
    for heading in ("Size", "Minified", "Stored", "Saved"):
        table.add_column(heading, justify="right", no_wrap=True)
    for asset in built:
        table.add_row(*_row(str(asset.source), [asset]))
    table.add_section()
    table.add_row(*_row(f"{len(built)} files", built), style="bold")
    console.print(table)
    _first_visit({str(asset.source): asset for asset in built}, www)
    console.print(f"Written to {out}", markup=False, soft_wrap=True)


def _row(name: str, group: list) -> list[str]:
    source = sum(asset.source_size for asset in group)
    minified = sum(asset.minified_size for asset in group)
    stored = sum(len(asset.content) for asset in group)
    saved = f"{1 - stored / source:.0%}" if source else ""
    return [name, kilobytes(source), kilobytes(minified), kilobytes(stored), saved]


def _first_visit(by_name: dict, www: Path) -> None:
    needed = [by_name[path] for path in first_visit.paths(www) if path in by_name]
    chart = [by_name[path] for path in pages.CHART_LIBRARY if not path.endswith(".txt")]
    if not needed:
        return
    size = sum(len(asset.content) for asset in needed)
    with_chart = size + sum(len(asset.content) for asset in chart)
    console.print(
        f"First visit: {len(needed)} files, {kilobytes(size)}; {kilobytes(with_chart)} with the chart library."
    )
