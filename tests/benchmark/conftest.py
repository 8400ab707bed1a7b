"""Runs bench.py as its users do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 240


class Run:
    """A finished run: `code`, `text` (what it printed), `errors`, `results` (its JSON), `markdown`."""

    def __init__(self, completed, json_file, markdown_file):
        self.code = completed.returncode
        self.text = completed.stdout
        self.errors = completed.stderr
        self.results = json.loads(json_file.read_text()) if json_file.exists() else None
        self.markdown = markdown_file.read_text() if markdown_file.exists() else None


def _run(folder, *arguments):
    json_file = folder / "results.json"
    markdown_file = folder / "results.md"
    command = [sys.executable, str(_ROOT / "scripts" / "bench.py"), *map(str, arguments)]
    command += ["--json", str(json_file), "--markdown", str(markdown_file)]
    completed = subprocess.run(
        command, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    return Run(completed, json_file, markdown_file)


@pytest.fixture(scope="session")
def bench(tmp_path_factory):
    """`bench("--quick", "--only", "limit")` returns a Run."""
    return lambda *arguments: _run(tmp_path_factory.mktemp("bench"), *arguments)
