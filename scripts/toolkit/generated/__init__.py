"""Files of the project that are made from its code, and what makes them."""

from pathlib import Path

from . import api_reference, library_reference, rooms, shipped_settings

MAKERS = {
    "settings.toml": shipped_settings.text,
    "docs/library.md": library_reference.text,
    "docs/api.md": api_reference.text,
    rooms.FILE: rooms.text,
}


def stale(root: Path) -> dict[str, str]:
    """Return {file: its right text} of those that are not what their sources make."""
    right = {name: make(root) for name, make in MAKERS.items()}
    return {name: text for name, text in right.items() if _present(root / name) != text}


def _present(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""
