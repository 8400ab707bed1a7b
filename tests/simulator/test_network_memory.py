"""What lwIP takes of the board's memory, and what happens when none is left."""

import socket
import time

import pytest

from .test_sockets import LISTEN, connect, finished, reset

OUTER = 185344  # bytes of the outer heap
HEAP_START = 139264
# The memory that is left for the network, as a program sees it: the largest free block of the outer
# heap counts as free.
LOOK = (
    """
import gc
import supervisor
heap = supervisor.get_setting("CIRCUITPY_HEAP_START_SIZE") * 31 // 32

def left():
    return gc.mem_free() + gc.mem_alloc() - heap

left()
before = left()  # no client can be there yet
"""
    + LISTEN
    + """
def taken_after(condition):
    global before
    until(condition)
    time.sleep(0.1)
    now = left()
    taken, before = before - now, now
    return taken
"""
)
SETTINGS = {"CIRCUITPY_HEAP_START_SIZE": HEAP_START}


@pytest.fixture
def serving(boards, vm):
    """Starts a board that runs LOOK and then the script."""

    def start(script, settings=SETTINGS, **more):
        board = boards(
            vm=vm,
            files={"code.py": LOOK + script},
            settings=settings,
            payload=False,
            start=False,
            **more,
        )
        return board.start()

    return start


def test_program_sees_what_is_left(serving):
    assert int(finished(serving("print(left())"))) == pytest.approx(OUTER - HEAP_START, abs=64)


def test_waiting_client_takes_a_packet_once_it_has_sent_something(serving):
    board = serving(
        """
print(taken_after(lambda: left() < before))
print(taken_after(lambda: left() < before - 1000))
connection = accept()
connection.settimeout(0)
print(connection.recv_into(buffer), taken_after(lambda: left() > before))
"""
    )
    with connect(board) as client:
        board.wait_for_output("172\n")
        client.sendall(b"GET")
        assert finished(board).splitlines() == ["172", "1548", "3 -1548"]
    assert board.lowest_network_memory == OUTER - HEAP_START - 1720


def test_more_clients_than_listen_allows_are_reset(boards, vm):
    script = LISTEN.replace("listen(10)", "listen(2)") + "while True:\n    time.sleep(0.01)\n"
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False).start()
    waiting = [connect(board) for _ in range(2)]
    with connect(board) as third, pytest.raises(ConnectionResetError):
        third.recv(1)
    for client in waiting:
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)
        client.close()


def test_client_that_gives_up_no_longer_waits(serving):
    board = serving("until(lambda: left() < before)\nprint(taken_after(lambda: left() == before))")
    client = connect(board)
    client.sendall(b"GET")
    time.sleep(0.5)
    reset(client)
    assert finished(board) == "0\n"


@pytest.mark.parametrize(("first", "taken"), [("board", 172), ("client", 0)])
def test_who_closes_first_pays(serving, first, taken):
    board = serving(
        """
connection = accept()
connection.settimeout(10)
if connection.recv_into(buffer) == 5:
    connection.recv_into(buffer)
connection.close()
print(taken_after(lambda: True))
while left() < before + %d:
    time.sleep(0.05)
print(115 <= time.monotonic() < 140 if %d else "nothing")
"""
        % (taken, taken),
        speed=20,
    )
    with connect(board) as client:
        if first == "board":
            client.sendall(b"x")
            assert client.recv(1) == b""
        else:
            client.sendall(b"hello")
            client.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b""
        outcome = "True" if taken else "nothing"
        assert finished(board).splitlines() == [str(taken), outcome]


def test_client_that_reads_nothing_holds_a_full_send_buffer(serving):
    board = serving(
        """
connection = accept()
connection.settimeout(0)
segment = bytes(1460)
full = 0
while full < 5:
    while number_of(connection.send, segment) is None:
        full = 0
    full += 1
    time.sleep(0.1)
print(taken_after(lambda: True))
start = time.monotonic()
connection.close()
print(taken_after(lambda: True))
print(taken_after(lambda: left() > before + 172), time.monotonic() - start >= 1)
"""
    )
    with connect(board, receive_buffer=4096) as client:
        lines = finished(board).splitlines()
        with pytest.raises(ConnectionResetError):
            while client.recv(65536):
                pass
    # The board closes first; whatever isn't acknowledged within a second is lost.
    assert lines == [str(172 + 8 * 1548), "172", f"{-172 - 8 * 1548} True"]


def test_uploads_that_are_not_read_take_up_to_eight_packets(serving):
    board = serving(
        """
connection = accept()
connection.settimeout(0)
print(taken_after(lambda: left() < before - 12000))
total = 0
while total < 50000:
    try:
        total += connection.recv_into(buffer)
    except OSError:
        pass
print(total, taken_after(lambda: left() == before + 12384))
"""
    )
    with connect(board) as client:
        client.sendall(bytes(50000))
        assert finished(board).splitlines() == [str(172 + 8 * 1548), "50000 -12384"]


HEAP = 193_000
AMPLE = {"CIRCUITPY_HEAP_START_SIZE": 65536}  # leaves more for the network than 32 packets take
NODELAY = "connection.setsockopt(pool.IPPROTO_TCP, pool.TCP_NODELAY, 1)\n"
SMALL = """
import microcontroller, watchdog
connection = accept()
connection.settimeout(0)
{nodelay}
microcontroller.watchdog.timeout = 8
microcontroller.watchdog.mode = watchdog.WatchDogMode.RESET
for number in range({count}):
    microcontroller.watchdog.feed()
    connection.send(b"data: 123456789\\n\\n")
print("sent", taken_after(lambda: True) - 172, microcontroller.cpu.reset_reason)
while True:
    microcontroller.watchdog.feed()
    time.sleep(0.01)
"""


def test_33rd_small_piece_blocks_until_the_watchdog_bites(serving):
    script = SMALL.format(nodelay=NODELAY, count=33)
    board = serving(
        script, settings=AMPLE, heap=HEAP, round_trip_ms=1_000_000, speed=20, expected=("bite",)
    )
    with connect(board):
        board.wait_or_fail(lambda: board.events("bite"), "no bite")
        board.wait_or_fail(lambda: ["WATCHDOG"] in board.events("power"), "no reset")
    assert "sent" not in board.output()


@pytest.mark.parametrize(
    ("nodelay", "count", "packets"), [(NODELAY, 32, 32), ("", 80, 2), ("", 100, 3)]
)
def test_small_pieces_are_put_together_without_nodelay(serving, nodelay, count, packets):
    script = SMALL.format(nodelay=nodelay, count=count)
    board = serving(script, settings=AMPLE, heap=HEAP, round_trip_ms=1_000_000)
    with connect(board) as client:
        board.wait_for_output(f"sent {packets * 1548} ")
        received = b""
        while len(received) < count * 17:
            received += client.recv(65536)


def test_used_up_memory_blocks_send_until_the_watchdog_bites(serving):
    """A large start size leaves the network nearly nothing, and waiting clients take the rest."""
    board = serving(
        SMALL.format(nodelay="", count=1),
        settings={"CIRCUITPY_HEAP_START_SIZE": OUTER - 3400},
        heap=HEAP,
        speed=20,
        round_trip_ms=1_000_000,
        expected=("bite",),
    )
    with connect(board), connect(board) as other:
        other.sendall(b"GET")
        board.wait_or_fail(lambda: board.events("bite"), "no bite")
    assert board.lowest_network_memory < 1548


def test_packets_are_lost_without_memory(serving):
    board = serving(
        """
connection = accept()
until(lambda: left() < 300)
print("full")
time.sleep(1)
print(number_of(listener.accept), connection.recv_into(buffer), accept().recv_into(buffer))
""",
        settings={"CIRCUITPY_HEAP_START_SIZE": OUTER - 2000},
        heap=HEAP,
    )
    with connect(board) as client:
        client.sendall(b"x")
        board.wait_for_output("full")
        with connect(board) as other:
            other.sendall(b"yz")
            assert finished(board).splitlines() == ["full", "11 1 2"]


def test_heap_that_grows_takes_the_networks_memory(boards, vm):
    """The heap starts with 8 KB and doubles; the last time it takes all that is left."""
    script = """
import gc, time
kept = []
def total():
    time.sleep(0.05)
    return gc.mem_free() + gc.mem_alloc()
first = total()
while gc.mem_alloc() < 70000:
    kept.append(bytes(200))
    time.sleep(0.0001)
print(first, total())
"""
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False)
    first, last = map(int, board.run_to_the_end().split())
    assert first == pytest.approx(OUTER - 8192 // 32, abs=64)
    assert board.lowest_network_memory == OUTER - 131072
    assert last == pytest.approx(OUTER - 131072 // 32, abs=64)


def test_allocation_that_fails_is_told(boards):
    script = """
try:
    bytearray(150000)
    bytearray(150000)
except MemoryError:
    print("caught")
"""
    board = boards(
        vm="micropython",
        files={"code.py": script},
        payload=False,
        start=False,
        expected=("memory_error",),
    )
    assert board.run_to_the_end() == "caught\n"
    assert len(board.events("memory_error")) == 1
    with pytest.raises(AssertionError, match="found no memory"):
        board._expected = ()
        board.check()
    board._expected = ("memory_error",)


def test_large_allocations_after_the_start_are_told(boards):
    script = (
        LISTEN
        + """
small = [bytearray(1024) for _ in range(10)]
large = bytearray(3000)
small.extend([bytearray(500) for _ in range(10)])
"""
    )
    board = boards(
        vm="micropython", files={"code.py": script}, payload=False, start=False, allocations=True
    )
    board.run_to_the_end()
    found = board.events("allocation")
    # The first one is the buffer of LISTEN
    assert [size for size, _ in found] == [4096, 3000], found
    assert "mp_" in found[0][1]


def test_reset_that_nobody_asked_for_fails_the_test(boards):
    script = """
import microcontroller, watchdog
microcontroller.watchdog.timeout = 0.3
microcontroller.watchdog.mode = watchdog.WatchDogMode.RESET
while True:
    pass
"""
    board = boards(files={"code.py": script}, payload=False, start=False, expected=("bite",))
    board.power_on()
    board.wait_or_fail(lambda: board.events("bite"), "no bite")
    board._expected = ()
    with pytest.raises(AssertionError, match="watchdog"):
        board.check()
    board._expected = ("bite",)
