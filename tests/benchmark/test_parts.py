"""The parts of the benchmark on their own."""

import random
import sys
from pathlib import Path

import pytest
from benchmark import contenders
from benchmark.comparison import losses, ratios, spread
from benchmark.load import Answer, WrongAnswer, work
from benchmark.tables import build

_DEVICE = Path(__file__).resolve().parents[2] / "scripts" / "benchmark" / "device"


@pytest.fixture
def device(monkeypatch):
    """Imports modules of device/ as its programs do."""
    monkeypatch.syspath_prepend(str(_DEVICE))
    before = set(sys.modules)
    yield lambda name: __import__(name)
    for name in set(sys.modules) - before:
        if (_DEVICE / f"{name}.py").exists():
            del sys.modules[name]


@pytest.mark.parametrize("top", [50, 4000, 50000, 20000000])
def test_percentiles_are_those_of_the_sorted_values(device, top):
    histogram = device("histogram").Histogram()
    values = [random.Random(number).randrange(top) for number in range(999)]
    for value in values:
        histogram.add(value)
    values.sort()
    for share in (0.01, 0.5, 0.9, 0.99, 1):
        exact = values[max(1, -int(-share * 999 // 1)) - 1]
        assert exact <= histogram.percentile(share) <= exact * 1.04 + 1
    assert histogram.summary()["longest"] == values[-1]


def test_no_values_have_no_percentile(device):
    assert device("histogram").Histogram().percentile(0.5) is None


def test_a_stopwatch_counts_neither_waiting_twice_nor_less_than_nothing(device):
    watch = device("stopwatch").Stopwatch()
    laps = [watch.lap() for _ in range(2000)]
    assert all(lap >= -100 for lap in laps)  # waiting is told in coarser units than time
    begin = watch.now
    watch.lap()
    assert watch.now > begin - 1


@pytest.mark.parametrize(
    ("data", "complete", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", True, 200, b"hi"),
        (b"HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nh", False, 200, b"h"),
        (b"HTTP/1.0 404 N/A\r\n\r\n", False, 404, b""),
        (b"junk", False, 0, b"junk"),
    ],
)
def test_answers(data, complete, status, body):
    answer = Answer()
    for byte in data:
        answer.add(bytes([byte]))
    assert (answer.complete, answer.status, answer.body) == (complete, status, body)


def test_an_answer_without_a_length_ends_with_the_connection():
    answer = Answer()
    answer.add(b"HTTP/1.0 200 OK\r\n\r\nhi")
    answer.add(b"")
    assert answer.complete and answer.body == b"hi"


def test_a_wrong_answer_is_refused():
    answer = Answer()
    answer.add(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    with pytest.raises(WrongAnswer, match="json"):
        answer.check("json", b"")


def test_requests_are_complete():
    post = work.request_of("post", keep_alive=False)
    head, _, body = post.partition(b"\r\n\r\n")
    assert len(body) == work.POST_SIZE
    assert f"Content-Length: {work.POST_SIZE}".encode() in head
    assert b"Connection: close" in head
    assert b"Connection" not in work.request_of("json", keep_alive=True)


def test_spread_and_ratios():
    assert spread([3, None, 1, 2]) == (2, 1, 3)
    assert spread([None]) is None
    assert spread([1, 2, 3, 4, 500]) == (3, 2, 4)  # an outlier among many tells nothing
    assert ratios([2, None, 3], [4, 4, None]) == [0.5, None, None]


def _rates(**rates):
    kinds = ("new", "kept", "file", "file_kept", "post")
    return {kind: {name: list(values) for name, values in rates.items()} for kind in kinds}


def test_wins_losses_and_what_is_undecided():
    rates = _rates(limit=(9, 9, 9), ehttpserver=(5, 5, 5), biplane=(6, 6, 7), microdot=(4, 6, 6))
    tables = build({"rates": {"cpython": {"rates": rates, "problems": {}}}})
    share, own = tables
    assert share.columns[0].texts["ehttpserver"] == "56%"
    assert own.columns[0].texts["biplane"] == "1.20 (1.20 to 1.40)"
    assert own.columns[0].leaders() == ("biplane", "microdot")
    found = losses(tables)
    assert [
        text for text in found if "new connection: biplane 1.20" in text and "undecided" not in text
    ]
    assert [
        text for text in found if "new connection: microdot" in text and text.endswith("undecided")
    ]
    assert not [text for text in found if "limit " in text]


def test_a_server_that_failed_is_shown_with_the_reason():
    rates = _rates(limit=(9,), ehttpserver=(5,), biplane=(None,))
    found = {"rates": rates, "problems": {"biplane": "biplane: no answer"}}
    share, _ = build({"rates": {"cpython": found}})
    assert "biplane" not in share.columns[0].texts
    assert share.note.endswith("biplane: no answer.")


def test_every_known_server_is_installed():
    for contender in contenders.known().values():
        assert contender.missing() is None, contender.name
