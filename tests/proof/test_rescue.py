"""prove.py rescue: some of its ways to break a board, and that it notices one that stays broken."""

import pytest
from proof import rescue, rescue_ways

NAMES = (
    "code.py: a syntax error",
    "lib/rescue/power_up.py: nothing in it",
    "ADMIN_PASSWORD",
    "a constructor that raises",
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return rescue.Bench(tmp_path_factory.mktemp("bench"), "cpython")


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(rescue.messages, "tell", lambda text: None)
    monkeypatch.setattr(rescue.messages, "warn", lambda text: None)
    monkeypatch.setattr(rescue.terminal, "progress", lambda text: None)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_is_mended(bench, name):
    way = next(way for way in rescue_ways.all_ways(bench.files) if name in way.name)
    assert bench.outcome(way) == ""


@pytest.mark.slow
def test_what_can_not_be_mended_is_noticed(bench, monkeypatch):
    """The control: no app, and no rescue page either."""

    def break_drive(drive):
        for path in ("lib/datalogger/app.py", "lib/rescue/page.py"):
            (drive / path).write_bytes(b"def :")

    monkeypatch.setattr(rescue, "REACHED_S", 10)
    assert bench.outcome(rescue.Way("control", "everything", break_drive)) != ""


def test_there_are_enough_ways(bench):
    ways = list(rescue_ways.all_ways(bench.files))
    assert len(ways) >= 400 and len({way.name for way in ways}) == len(ways)
