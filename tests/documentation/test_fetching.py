"""docs/fleet.md: the lines that fetch a recording, run by a shell, again and again."""

import re
import subprocess

import programs
import pytest
from toolkit.environment import ROOT

PAGE = (ROOT / "docs" / "fleet.md").read_text(encoding="utf-8")
RECORDING = b"time,temperature\n" + b"2026-11-23T00:00:04+01:00,23.4\n" * 400


@pytest.fixture
def fetch(boards, tmp_path):
    programs.need("curl", "curl")
    (name,) = re.findall(r"^name=(.*)$", PAGE, re.MULTILINE)
    board = boards(files={f"data/{name}": RECORDING})
    (lines,) = re.findall(r"```sh\n(name=.*?)```", PAGE, re.DOTALL)
    lines = lines.replace("http://greenhouse.local", board.url)

    def run(lines=lines):
        done = subprocess.run(
            ["sh", "-c", lines], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        run.failed = done.returncode != 0
        return {file.name: file.read_bytes() for file in tmp_path.glob("*.csv*")}

    run.name = name
    run.lines = lines
    return run


def test_a_recording_is_fetched_once(fetch):
    for _ in range(2):
        assert fetch() == {fetch.name: RECORDING} and not fetch.failed


def test_an_interrupted_download_goes_on(fetch, tmp_path):
    part = f"{fetch.name}.part"
    (tmp_path / part).write_bytes(RECORDING[:1000])
    nobody = re.sub(r"http://[^/]+", "http://127.0.0.1:9", fetch.lines)
    assert fetch(nobody) == {part: RECORDING[:1000]} and fetch.failed
    assert fetch() == {fetch.name: RECORDING} and not fetch.failed


def test_of_a_recording_that_is_not_there_nothing_is_left(fetch):
    assert fetch(fetch.lines.replace("11-23", "11-22")) == {} and fetch.failed


def test_a_download_that_was_interrupted_after_its_last_byte_is_taken(fetch, tmp_path):
    """It was interrupted before the file got its name."""
    (tmp_path / f"{fetch.name}.part").write_bytes(RECORDING)
    assert fetch() == {fetch.name: RECORDING} and not fetch.failed
