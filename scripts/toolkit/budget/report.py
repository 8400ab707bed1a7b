"""The budget of a drive as a table, a bar, or JSON."""

from rich.table import Table
from rich.text import Text

from ..terminal import console, kilobytes
from . import recording_days, shares

BAR_WIDTH = 60
_COLOURS = ("blue", "cyan", "magenta", "yellow", "green", "red")


def as_dict(budget, settings: str, reserve: int, problems: list[str]) -> dict:
    """Return the figures for --json; sizes in bytes."""
    return {
        "fits": not problems,
        "problems": problems,
        "capacity": budget.capacity,
        "used": budget.used,
        "free": budget.free,
        "reserve": reserve,
        "payload": budget.payload,
        "payload_goal": shares.PAYLOAD_GOAL,
        "root_entries": budget.root_entries,
        "days_of_recording": round(recording_days.days(budget.free, settings, budget.cluster), 1),
        "folders": [
            {
                "name": group.name,
                "files": group.files,
                "bytes": group.size,
                "on_drive": group.on_drive,
            }
            for group in budget.groups
        ],
    }


def show(budget, settings: str, reserve: int) -> None:
    """Print the table by folder, the bar, and what is left for data."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Folder", overflow="fold")
    for heading in ("Files", "Size", "On the drive"):
        table.add_column(heading, justify="right", no_wrap=True)
    for group, colour in zip(budget.groups, _colours(budget.groups), strict=True):
        name = Text.assemble(("■ ", colour), group.name)
        table.add_row(name, str(group.files), kilobytes(group.size), kilobytes(group.on_drive))
    table.add_section()
    goal = f"Payload (aim: under {kilobytes(shares.PAYLOAD_GOAL)})"
    table.add_row(goal, "", "", kilobytes(budget.payload), style="bold")
    console.print(table)
    console.print(_bar(budget, reserve))
    if budget.free >= 0:
        days = recording_days.days(budget.free, settings, budget.cluster)
        console.print(
            f"{kilobytes(budget.free)} of {kilobytes(budget.capacity)} are left for data: "
            f"{days:.1f} days of recording at one sample every "
            f"{recording_days.sample_seconds(settings):g} s, {kilobytes(recording_days.reserve(settings))} kept free.",
            soft_wrap=True,
        )


def _colours(groups: list) -> list[str]:
    named = [_COLOURS[number % len(_COLOURS)] for number in range(len(groups))]
    return [*named[:-1], "bright_black"]


def _bar(budget, reserve: int) -> Text:
    """One character per 1/60 of the drive: the folders, free space, and the reserve at the end."""
    bar = Text("[")
    scale = BAR_WIDTH / max(budget.capacity, budget.used)
    filled = 0
    total = 0
    for group, colour in zip(budget.groups, _colours(budget.groups), strict=True):
        total += group.on_drive
        length = max(0, round(total * scale) - filled)
        bar.append("█" * length, colour)
        filled += length
    kept = max(0, min(BAR_WIDTH - filled, round(reserve * scale)))
    bar.append(" " * max(0, BAR_WIDTH - filled - kept))
    bar.append("░" * kept, "dim")
    return bar.append("]")
