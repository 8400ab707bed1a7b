"""What a program tells the working server ("not now", "forget"), and what each step tells it."""

from .cases import get
from .cases_files import LARGE
from .client import Client
from .test_contract import settle
from .test_pressure import PLACES, everywhere, pass_time, settle_all
from .test_rivals import ok


def test_no_client_comes_in_while_the_program_says_no(bench):
    with Client(bench) as kept:
        ok(kept.request(get("/hello")))
        bench.let("accepts", False)
        with Client(bench) as client:
            client.send(get("/hello"))
            pass_time(bench, 300)
            client.read()
            assert not client.received and not client.closed
            ok(kept.request(get("/hello")))
            bench.let("accepts", True)
            ok(client.answer())
    settle(bench)


@everywhere
def test_a_client_can_be_turned_away(bench):
    """Whether a place is free or not; the clients that have places are still served."""
    for count in (1, PLACES):
        kept = [Client(bench) for _ in range(count)]
        for client in kept:
            ok(client.request(get("/hello")))
        bench.let("accepts", None)
        with Client(bench) as client:
            client.send(get("/hello"))
            assert client.wait_closed(400)
            assert not client.received
        ok(kept[0].request(get("/hello")))
        bench.let("accepts", True)
        bench.advance(60)  # after that, an idle connection gives way
        with Client(bench) as client:
            ok(client.request(get("/hello")))
        settle_all(bench, kept)


@everywhere
def test_a_program_can_leave_a_client_more_time_to_close(bench):
    """A connection that the board closes first takes memory for two minutes."""
    bench.let("ending_ms", 250)
    ended = [Client(bench) for _ in range(PLACES)]
    for client in ended:
        ok(client.request(get("/hello", b"Connection: close")))
    with Client(bench) as client:
        client.send(get("/hello"))
        for _ in range(20):  # in which no time passes
            client.step(10)
            client.read()
        assert not client.received
        bench.advance(260)
        ok(client.answer())
    bench.let("ending_ms", 0)
    settle_all(bench, ended)


def test_nothing_is_sent_while_the_program_says_no(bench):
    for path, body in (("/hello", b"hello"), ("/file/large.bin", LARGE), ("/pieces", None)):
        with Client(bench) as client:
            bench.let("sends", False)
            client.send(get(path))
            pass_time(bench, 300)
            client.read()
            assert not client.received
            bench.let("sends", True)
            answer = client.answer()
            assert answer.complete and body in (None, answer.body)
    settle(bench)


def test_a_program_that_says_no_for_long_loses_the_client(bench):
    with Client(bench) as client:
        bench.let("sends", False)
        client.send(get("/hello"))
        client.step(20)
        bench.advance(10100)
        assert client.wait_closed()
        bench.let("sends", True)
    settle(bench)


@everywhere
def test_what_came_behind_a_request_is_dropped_while_its_answer_must_wait(bench):
    """It may lie in the very memory that the answer waits for."""
    too_large = get("/hello")[:-2] + b"X: y\r\n" * 2000
    for content, status in ((too_large, 431), (get("/hello") * 200, 200)):
        with Client(bench) as client:
            bench.let("sends", False)
            client.send(content)
            for _ in range(50):
                pass_time(bench, 20)
            client.read()
            assert not client.received
            assert client.unread_by_server() == 0
            bench.let("sends", True)
            assert client.answer().status == status
            pass_time(bench, 1100)
            assert client.wait_closed()
            assert not client.received
    settle(bench)


def test_the_program_is_told_how_much_and_what_has_been_sent_before(bench):
    with Client(bench) as client:
        ok(client.request(get("/hello")))
        ok(client.request(get("/file/large.bin")), LARGE)
        asked = bench.report()["asked"]
    counts = [sent for _, sent in asked]
    first = counts.index(0, 1)  # of the second answer
    assert counts[0] == 0 and counts[first:] == sorted(counts[first:])
    assert 1460 < counts[-1] <= len(LARGE)
    assert max(size for size, _ in asked) == 1460
    settle(bench)


def test_after_forgetting_all_is_as_before(bench):
    with Client(bench) as client:
        for _ in range(3):
            ok(client.request(get("/hello", b"X: y")))
            bench.let("forget")
            assert client.request(get("/json", b"X: y")).status == 200
    settle(bench)


def test_a_step_tells_whether_there_was_work(bench):
    with Client(bench) as client:
        ok(client.request(get("/hello")))
        client.step(300)
        assert bench.report()["busy"] is False
        client.send(get("/file/large.bin"))
        busy = []
        for _ in range(8):
            client.step()
            busy.append(bench.report()["busy"])
        assert busy.count(True) > (1 if bench.kind == "mean" else 3), busy
        client.answer()
        client.send(get("/quiet"))  # a stream with nothing to send is no work
        client.step(300)
        assert bench.report()["busy"] is False
    settle(bench)
