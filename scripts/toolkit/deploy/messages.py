"""What deploy.py prints."""

from contextlib import contextmanager

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from ..plain_text import plain
from ..terminal import console, errors

NOTHING = "Nothing to do: the board has it all."


def warn(text: str) -> None:
    """Print a warning on stderr."""
    errors.print(f"Warning: {plain(text)}", style="yellow", markup=False, soft_wrap=True)


def tell(text: str) -> None:
    """Print a line of the result."""
    console.print(plain(text), markup=False, soft_wrap=True)


def plan(todo, contents: dict) -> None:
    """Print every file that would be written or removed, for --dry-run."""
    for word, paths in (("new", todo.new), ("changed", todo.changed), ("removed", todo.stale)):
        for path in paths:
            size = f"{len(contents[path]):>9,} bytes  " if path in contents else " " * 17
            tell(f"{word:<8} {size}{path}")
    edited(todo, "would be replaced")
    if todo.is_empty:
        tell(NOTHING)


def edited(todo, word: str) -> None:
    """Warn about files that somebody changed on the board."""
    for path in todo.edited:
        warn(f"{path} was changed on the board since the last deployment; it {word}.")


def summary(todo) -> str:
    """Return the counts, such as "2 new, 1 changed, 0 removed, 40 unchanged"."""
    return (
        f"{len(todo.new)} new, {len(todo.changed)} changed, "
        f"{len(todo.stale)} removed, {len(todo.unchanged)} unchanged"
    )


@contextmanager
def progress(text: str, total: int):
    """Show a bar while the block runs; it is given `advance(bytes)`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(text, total=max(1, total))
        yield lambda size: bar.advance(task, size)
