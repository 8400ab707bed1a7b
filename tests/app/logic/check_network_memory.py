"""What the admin server does while the network has little memory: who may connect, what is sent.

The board shows only the size of the largest free block: gc's figures exceed Python's heap by it."""

from datalogger.web import server
from datalogger.web.server import BaseServer
from fakes import FakeSettings, MovedClock, quiet_log

HEAP = 100000
PLENTY = 40000


class Memory:
    """Stands in for gc."""

    left = PLENTY

    def mem_free(self):
        return HEAP // 2 + self.left

    def mem_alloc(self):
        return HEAP // 2

    def collect(self):
        pass


class App:
    """What the server needs of the app."""


def make(left):
    memory = Memory()
    memory.left = left
    server.gc = memory
    app = App()
    app.clock = MovedClock()
    server.ticks_ms = app.clock.test_ticks
    app.log = quiet_log(app.clock)
    app.settings = FakeSettings()
    made = BaseServer(app, None, HEAP)
    made.incoming = False
    made._latest = app.clock.tenths
    made.may_send(100, 0)  # the first measurement
    app.clock.pass_s(1)
    made._latest = app.clock.tenths  # a request has just come: the time is not quiet
    return made, memory


def test_with_plenty_everything_may_be_sent():
    made, _ = make(PLENTY)
    for size, sent in ((100, 0), (1460, 0), (1460, 1460), (1460, 100000)):
        assert made.may_send(size, sent)
    assert made.may_accept()


def test_long_answers_stop_first_then_pages():
    for left, page, on in ((10600, True, True), (10400, True, False), (6600, False, False)):
        answers = [make(left)[0].may_send(1460, sent) for sent in (0, 139, 5839, 5840)]
        assert answers == [page, page, page, on], (left, answers)


def test_small_pieces_of_a_long_answer_go_on():
    assert make(6800)[0].may_send(300, 100000)


def test_what_is_sent_is_counted_until_the_next_look():
    made, memory = make(12000)
    assert made.may_send(1460, 5840)
    memory.left = 10452  # the network has taken what was sent
    assert not made.may_send(1460, 5840)


def test_who_waits_for_a_place_may_have_taken_memory_unseen():
    made, memory = make(20000)
    assert made.may_send(1460, 0)
    memory.left = 1000
    made.app.clock.pass_s(0.04)
    assert not made.may_send(1460, 0)


def test_what_the_poller_tells_of_is_looked_at_first():
    made, memory = make(18000)
    made.incoming = True
    memory.left = 1000
    assert not made.may_send(1460, 0)


def test_while_clients_take_memory_there_must_be_enough_for_a_burst_of_them():
    made, memory = make(30000)
    memory.left = 13000
    made.app.clock.pass_s(0.2)
    assert not made.may_send(1460, 0)
    made.app.clock.pass_s(0.2)  # and nobody has taken more since
    assert made.may_send(1460, 0)
    memory.left = 20000
    made.incoming = True
    made.app.clock.pass_s(0.2)
    assert made.may_send(1460, 0)
    memory.left = 15000
    made.incoming = True
    assert made.may_send(1460, 0)


def may_send_in_a_crowd(sending):
    """How often it may be sent in 3 s in which the memory falls and rises all the time."""
    made, memory = make(30000)
    allowed = 0
    for number in range(30):
        memory.left = 12000 + number % 2 * 500
        made.incoming = sending
        made.app.clock.pass_s(0.1)
        allowed += made.may_send(1460, 0)
    return allowed


def test_a_crowd_that_comes_and_goes_keeps_nothing_from_being_sent():
    """It was never sent while the places and the queue were full and others tried to come in."""
    assert may_send_in_a_crowd(sending=False) >= 15
    assert may_send_in_a_crowd(sending=True) == 0


def test_nobody_comes_in_without_memory_for_a_request():
    assert make(3600)[0].may_accept() is True
    assert make(3400)[0].may_accept() is False


def test_in_a_quiet_time_anybody_may_come_in():
    made, _ = make(3400)
    made.app.clock.pass_s(1)
    assert made.may_accept() is True


def test_clients_are_turned_away_when_nothing_can_be_sent_for_a_while():
    made, memory = make(2000)
    assert not made.may_send(1460, 0)
    assert made.may_accept() is False
    made.app.clock.pass_s(1.5)
    made._latest = made.app.clock.tenths
    assert made.may_accept() is None
    memory.left = PLENTY
    made.app.clock.pass_s(0.5)
    made._latest = made.app.clock.tenths
    assert made.may_accept() is True


def test_who_reads_slowly_keeps_nobody_out():
    """Long answers wait for memory, but there is enough to let a client in and send it a page."""
    made, _ = make(9000)
    assert not made.may_send(1460, 100000)
    made.app.clock.pass_s(5)
    made._latest = made.app.clock.tenths
    assert made.may_accept() is True
    assert made.may_send(1460, 0) and made.may_send(1460, 1460)
