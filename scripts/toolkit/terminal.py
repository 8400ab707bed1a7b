"""What the scripts print: progress, and tables of sizes."""

from rich.console import Console

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def progress(text: str) -> None:
    """Show one line about a step that takes long; on stderr, so that results can be piped."""
    errors.print(text, style="dim", markup=False)


def kilobytes(size: int) -> str:
    """Return a size in bytes for people, in units of 1024 bytes."""
    return f"{size} B" if size < 1024 else f"{size / 1024:.1f} KB"
