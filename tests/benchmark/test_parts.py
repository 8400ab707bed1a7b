"""The parts of the benchmark on their own."""

import pytest
from benchmark import contenders, rates, run
from benchmark.load import is_right, status, work
from benchmark.server_process import ServerError
from benchmark.tables import document, rows, spread
from benchmark.topic import Setting, Topic


@pytest.mark.parametrize(
    ("received", "code", "right"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh", 200, False),
        (b"HTTP/1.1 500 Oh\r\n\r\nhi", 500, False),
        (b"HTTP/1.1 200 OK\r\n\r\nohi", 200, False),
        (b"hi", 0, False),
        (b"", 0, False),
    ],
)
def test_answers(received, code, right):
    assert (status(received), is_right(received, b"hi")) == (code, right)


def test_requests_are_complete():
    post = work.request_of("post", keep_alive=False)
    head, _, body = post.partition(b"\r\n\r\n")
    assert len(body) == work.POST_SIZE
    assert f"Content-Length: {work.POST_SIZE}".encode() in head
    assert b"Connection: close" in head
    assert b"Connection" not in work.request_of("json", keep_alive=True)


def test_spread():
    assert spread([3, 1, 2]) == (2, 1.5, 2.5)
    assert spread([7]) == (7, 7, 7)
    assert spread([]) is None
    assert spread([1, 2, 3, 4, 500]) == (3, 2, 4)  # an outlier among many doesn't count


def _found(**servers):
    return {name: [{"new": value} for value in values] for name, values in servers.items()}


def test_wins_losses_and_what_is_undecided():
    found = _found(limit=(9, 9, 9), ehttpserver=(5, 5, 6), biplane=(7, 7, 7), microdot=(5, 6, 6))
    row = rows(rates.TOPIC, found)[0]
    assert row.texts["ehttpserver"] == "56% (56% to 61%)"
    assert row.texts["biplane"] == "78%"
    assert row.leaders() == ["biplane"]
    assert list(row.losses()) == [
        "new connection: biplane 78%, ehttpserver 56% (56% to 61%)",
        "new connection: microdot 67% (61% to 67%), ehttpserver 56% (56% to 61%); undecided",
    ]


def test_rates_without_the_limit_are_shown_as_they_are():
    row = rows(rates.TOPIC, _found(ehttpserver=(1234, 1236)))[0]
    assert row.texts["ehttpserver"] == "1,235 (1,234 to 1,236)"


def test_a_server_that_failed_is_shown_with_the_reason():
    found = _found(limit=(9,), ehttpserver=(5,))
    found["biplane"] = [{"problem": "no answer"}]
    text = document([rates.TOPIC], {"rates": found}, "")
    assert "biplane: no answer." in text
    assert "| new connection | 100% | 56% |  |" in text


@pytest.mark.parametrize(
    ("needed_kb", "found"),
    [
        (200, {"new": 1}),
        (900, {"new": 1, "problem": "failed with 256 KB of heap and was given 1024 KB"}),
        (1100, {"problem": "out of memory"}),
    ],
)
def test_a_server_that_fails_gets_a_larger_heap_and_that_is_said(tmp_path, needed_kb, found):
    def measure(contender, setting):
        if setting.heap < needed_kb * 1024:
            raise ServerError("out of memory")
        return {"new": 1}

    topic = Topic("name", "title", "note", (), measure)
    assert run._figures(topic, None, Setting(True, tmp_path, b"")) == found


def test_every_known_server_is_installed():
    for contender in contenders.known().values():
        assert contender.missing() is None, contender.name
