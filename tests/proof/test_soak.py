"""The first requests of the long run. `prove.py soak` makes 200,000 of them."""

import pytest
from proof import app_board, soak, soak_mix, visits

# All that a Pico W is meant to bear at once
EVERYTHING = {
    "SENSORS": "bme280 ds18b20:GP4 sht4x",
    "RTC_CHIP": "ds3231",
    "TIME_ZONE": "CET-1CEST,M3.5.0,M10.5.0/3",
    "SD_CARD": "GP18,GP19,GP16,GP17",
    "WIFI_MODE": "station",
    "STATION_SSID": "home",
}


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize(
    ("settings", "first", "then", "largest_share"),
    [
        ({}, soak.WARM_UP, 2000, 0.02),
        (EVERYTHING, 400, 800, 0.75),  # with little to spare the largest piece comes and goes
    ],
    ids=["as it comes", "everything"],
)
def test_nothing_goes_wrong_and_no_memory_is_lost(tmp_path, settings, first, then, largest_share):
    with app_board.AppBoard(tmp_path, **soak.SETTINGS, **settings) as board:
        board.log_in()
        run = soak.Soak(board, app_board.PASSWORD)
        run.run(first)
        before = board.condition()
        run.run(then)
        after = board.condition()
    print(before, after, run.found.asked, run.found.events, sep="\n")
    assert not run.found.problems
    assert run.found.asked.total() == first + then
    assert set(run.found.asked) == {kind for kind, _ in soak_mix.Mix.KINDS}
    assert set(run.found.events) == {"readings", "sample", "status"}
    assert not app_board.differences(before, after, largest_share)
    assert before.files <= after.files


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("free", 9700),
        ("largest", 4800),
        ("descriptors", 6),
        ("files", frozenset({"code.py", "extra.txt"})),
        ("files", frozenset()),
        ("errors", 1),
        ("resets", 1),
        ("memory_errors", 1),
    ],
)
def test_what_differs_is_told(name, value):
    good = {
        "free": 10000,
        "largest": 5000,
        "descriptors": 5,
        "files": frozenset({"code.py"}),
        "errors": 0,
        "resets": 0,
        "memory_errors": 0,
        "network": 20000,
    }
    before = app_board.Condition(**good)
    grown = {
        **good,
        "free": 9900,
        "network": 9000,
        "files": good["files"] | {"data/2026-11-24.csv"},
    }
    assert not app_board.differences(before, app_board.Condition(**grown))
    assert len(app_board.differences(before, app_board.Condition(**{**good, name: value}))) == 1


class Wrong:
    """A visitor whose board gives the same wrong answer to everything."""

    def log_in(self, password):
        pass

    def __call__(self, method, path, body=None, **more):
        return visits.Answer(500, {}, b"{}")

    def expect(self, status, method, path, body=None, **more):
        return visits.Visitor.expect(self, status, method, path, body, **more)


class First:
    """A source of random choices that always chooses the first."""

    def choice(self, values):
        return values[0]

    def random(self):
        return 0

    def randint(self, low, high):
        return low


@pytest.mark.parametrize("kind", [kind for kind, _ in soak_mix.Mix.KINDS])
def test_a_wrong_answer_is_noticed(kind):
    mix = soak_mix.Mix(Wrong(), First(), ["/"], "password")
    with pytest.raises(visits.WrongAnswer):
        mix.ask(kind)
