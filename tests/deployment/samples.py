"""Payloads and settings for tests that need no real ones."""

from pathlib import PurePosixPath

TEMPLATE = b"""\
# The settings.

# Name of the network.
AP_SSID = "datalogger"
# Its password.
AP_PASSWORD = "datalogger"

# Needed for every change.
ADMIN_PASSWORD = "datalogger"
SAMPLE_SECONDS = 60
"""


def paths(contents: dict[str, str]) -> dict[PurePosixPath, bytes]:
    """Return a payload from plain names and texts."""
    return {PurePosixPath(name): text.encode() for name, text in contents.items()}


def version(number: int) -> dict[PurePosixPath, bytes]:
    """Return version 1, 2, ... of a small project; 2 adds, changes and drops files."""
    files = {
        "lib/server.py": f"# server of {number}\n" * 40,
        "lib/app/one.py": f"# one of {number}\n",
        "lib/app/same.py": "# never changes\n",
        "www/index.html.gz": f"page of {number}" * 100,
        "www/same.css.gz": "style",
        "boot.py": f"# boot of {number}\n",
        "code.py": f"# code of {number}\n",
    }
    if number == 1:
        files["lib/app/old.py"] = "# of 1 only\n"
        files["www/old/page.html.gz"] = "of 1 only"
    else:
        files["lib/app/new.py"] = f"# new in {number}\n"
        files["www/new/page.html.gz"] = f"new in {number}"
    return paths(files)
