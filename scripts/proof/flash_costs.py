"""Shows how often what the app does erases the flash, and for how long nothing else runs."""

from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from . import drives_to_cut
from .power_cuts import Case, PowerCuts

_UPLOAD = "www/new.bin"
_UPLOAD_BYTES = 12000
_PAGES_OF_A_BLOCK = 16
_WIDTH_OF_A_FILE = 110


@dataclass(frozen=True)
class Flash:
    """Milliseconds that one takes (Winbond W25Q16JV: typical and longest)."""

    erase_ms: float
    program_ms: float  # a page

    def ms(self, erases):
        """So many blocks erased and written."""
        return erases * (self.erase_ms + _PAGES_OF_A_BLOCK * self.program_ms)


USUAL = Flash(45, 0.4)
SLOWEST = Flash(400, 3)


def measure(board, payload: Path, folder: Path):
    """What device/flash_costs.py has found, on a drive that has been in use."""
    bench = PowerCuts(payload, folder)
    image, _ = bench.make_drive(board, Case("measure"))
    state = folder / "measured"
    state.write_bytes(image)
    uploads = []
    for number in (1, 2):
        content = drives_to_cut.changed(b"page %d" % number, _UPLOAD_BYTES)
        file = folder / f"upload-{number}"
        file.write_bytes(content)
        uploads.append((_UPLOAD, str(file), drives_to_cut.digest_headers(content)))
    return board("measure", image=state, uploads=uploads)["found"]


def show(found, console=None):
    """Print the table."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_A_FILE
    table = Table(title="Erases of 4 KB blocks of the flash", box=box.SIMPLE)
    table.add_column("when", no_wrap=True)
    for name in ("erases", "of FAT and root", "in the longest step", "ms", "ms, slowest flash"):
        table.add_column(name, justify="right")
    for action in found:
        step = action["step"]
        table.add_row(
            action["name"],
            *(str(action[name]) for name in ("erases", "fat_erases", "step")),
            f"{USUAL.ms(step):.0f}",
            f"{SLOWEST.ms(step):.0f}",
        )
    console.print(table)
    console.print(
        f"A block takes {USUAL.ms(1):.0f} ms to erase and write, {SLOWEST.ms(1):.0f} ms at worst (data sheet).",
        markup=False,
    )
