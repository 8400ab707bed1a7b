"""Sockets with the limits of lwIP on the Pico W."""

import contextlib
import socket
import struct
import threading

import pytest

LISTEN = """
import gc, select, socketpool, time, wifi
wifi.radio.start_ap("test", "12345678")
pool = socketpool.SocketPool(wifi.radio)
listener = pool.socket(pool.AF_INET, pool.SOCK_STREAM)
listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
listener.bind(("0.0.0.0", 80))
listener.listen(10)
listener.settimeout(0)
buffer = bytearray(4096)

def number_of(call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        return error.errno

def accept():
    listener.settimeout(10)
    connection, address = listener.accept()
    listener.settimeout(0)
    assert address[0] == "127.0.0.1" and address[1] > 0, address
    return connection

accepted = []

def accept_now():
    accepted.append(listener.accept()[0])

def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.01)
"""


@pytest.fixture
def serving(boards, vm):
    """Starts a board that runs LISTEN and then the script; returns the board, which listens."""

    def start(script, files=None, **more):
        board = boards(
            vm=vm,
            files={"code.py": LISTEN + script, **(files or {})},
            payload=False,
            start=False,
            **more,
        )
        return board.start()

    return start


def connect(board, receive_buffer=0):
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(10)
    client.connect(("127.0.0.1", board.ports["tcp:80"]))
    return client


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def finished(board):
    return board.run_to_the_end()


def test_one_call_receives_at_most_one_segment(serving):
    board = serving(
        """
connection = accept()
until(lambda: number_of(connection.recv_into, bytearray(1)) is None)
time.sleep(0.3)
sizes = [connection.recv_into(buffer) for _ in range(2)]
print(sizes, connection.recv_into(buffer, 10), connection.recv_into(memoryview(buffer)[:7]))
"""
    )
    with connect(board) as client:
        client.sendall(bytes(5000))
        assert "[1460, 1460] 10 7" in finished(board)


def test_nothing_to_do_is_eagain_and_with_a_timeout_etimedout(serving):
    board = serving(
        """
print("accept", number_of(listener.accept))
connection = accept()
connection.settimeout(0)
print("recv", number_of(connection.recv_into, buffer))
connection.setblocking(False)
print("recv", number_of(connection.recv_into, buffer))
connection.settimeout(0.05)
print("recv", number_of(connection.recv_into, buffer))
listener.settimeout(0.05)
print("accept", number_of(listener.accept))
"""
    )
    board.wait_for_output("accept 11\n")
    with connect(board):
        output = finished(board)
    assert output.splitlines() == ["accept 11", "recv 11", "recv 11", "recv 110", "accept 110"]


def test_accepted_socket_inherits_the_timeout(serving):
    board = serving(
        """
until(lambda: number_of(accept_now) is None)
print("recv", number_of(accepted[0].recv_into, buffer))
"""
    )
    with connect(board):
        assert "recv 11" in finished(board)


def test_ninth_socket_raises_and_its_connection_is_lost(serving):
    board = serving(
        """
others = [pool.socket(pool.AF_INET, pool.SOCK_DGRAM) for _ in range(7)]
for call in (pool.socket, accept):
    try:
        call()
        assert False
    except RuntimeError as error:
        print(error)
others[0].close()
others[0].close()
print("again", accept().send(b"hi"))
"""
    )
    # A connection may be lost even before connect() has returned
    with contextlib.suppress(ConnectionError), connect(board) as lost:
        assert lost.recv(1) == b""
    with connect(board) as served:
        assert served.recv(2) == b"hi"
    assert finished(board).splitlines() == ["Out of sockets", "Out of sockets", "again 2"]


def test_send_takes_what_fits_and_then_raises_eagain(serving):
    board = serving(
        """
connection = accept()
connection.settimeout(0)
block = bytes(20000)
first = connection.send(block)
total = first
while True:
    try:
        total += connection.send(block)
    except OSError as error:
        print("stopped by", error.errno)
        break
print("first", 0 < first <= 11680, total < 1000000)
connection.settimeout(10)
connection.sendall(b"the end")
connection.close()
"""
    )
    with connect(board) as client:
        board.wait_for_output("first True True")
        data = b""
        while piece := client.recv(65536):
            data += piece
    assert data.endswith(b"the end")
    assert "stopped by 11" in finished(board)


def test_peers_end_is_seen_by_recv_and_ends_sending(serving):
    board = serving(
        """
connection = accept()
connection.settimeout(0)
until(lambda: number_of(connection.send, b"x") == 32)
try:
    connection.send(b"x")
except BrokenPipeError as error:
    print("send", error.errno)
print("recv", connection.recv_into(buffer), connection.recv_into(buffer))
"""
    )
    with connect(board) as client:
        client.sendall(b"question")
        client.shutdown(socket.SHUT_WR)
        assert finished(board).splitlines() == ["send 32", "recv 8 0"]


def test_reset_by_the_peer_raises_an_os_error(serving):
    board = serving(
        """
connection = accept()
connection.settimeout(0)
connection.send(b"go")
until(lambda: number_of(connection.recv_into, buffer) not in (11, None))
print("done")
"""
    )
    client = connect(board)
    assert client.recv(2) == b"go"
    reset(client)
    assert "done" in finished(board)


def test_closed_socket_raises_ebadf(serving):
    board = serving(
        """
connection = accept()
with connection as same:
    assert same is connection
print(number_of(connection.recv_into, buffer), number_of(connection.send, b"x"))
listener.close()
print(number_of(listener.accept))
"""
    )
    with connect(board):
        assert finished(board).splitlines() == ["9 9", "9"]


def test_poll_finds_what_is_ready_by_object(serving):
    board = serving(
        """
poll = select.poll()
poll.register(listener, select.POLLIN)
assert poll.poll(0) == [(listener, select.POLLIN)], "always readable"
first = accept()
second = accept()
poll.unregister(listener)
poll.register(first, select.POLLIN)
poll.register(second, select.POLLIN | select.POLLOUT)
assert [(found, events) for found, events in poll.ipoll(0)] == [(second, select.POLLOUT)]
poll.modify(second, select.POLLIN)
assert list(poll.ipoll(0)) == []
second.send(b"go")
until(lambda: [found for found, _ in poll.ipoll(0)] == [first])
print(first.recv_into(buffer), {first: 1}[first])
assert number_of(poll.modify, listener, 1) == 2
gc.collect()
before = gc.mem_alloc()
for _ in range(100):
    for found in poll.ipoll(0):
        pass
print("allocated", gc.mem_alloc() - before)
"""
    )
    with connect(board) as first, connect(board) as second:
        assert second.recv(2) == b"go"
        first.sendall(b"abc")
        lines = finished(board).splitlines()
    assert lines[0] == "3 1"
    if board.vm == "micropython":
        assert int(lines[1].split()[1]) < 500


def test_send_and_receive_allocate_nothing(boards):
    script = (
        LISTEN
        + """
connection = accept()
connection.settimeout(0)
view = memoryview(buffer)[:100]
poll = select.poll()
poll.register(connection, select.POLLIN)
poll.poll(10000)
connection.recv_into(buffer), connection.send(view)
poll.poll(10000)
gc.collect()
before = gc.mem_alloc()
connection.recv_into(buffer)
connection.send(view)
print("allocated", gc.mem_alloc() - before)
"""
    )
    board = boards(vm="micropython", files={"code.py": script}, payload=False)
    with connect(board) as client:
        for _ in range(2):
            client.sendall(b"x")
            client.recv(100)
        assert int(finished(board).split()[1]) < 200


def test_udp(serving):
    board = serving(
        """
udp = pool.socket(pool.AF_INET, pool.SOCK_DGRAM)
udp.settimeout(0)
udp.bind(("0.0.0.0", 53))
print(number_of(udp.recvfrom_into, buffer))
udp.settimeout(10)
count, address = udp.recvfrom_into(buffer)
print(count, udp.sendto(buffer[:count], address), udp.type == pool.SOCK_DGRAM)
"""
    )
    board.wait_for_output("11\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.sendto(b"name?", ("127.0.0.1", board.dns_port))
        assert client.recv(100) == b"name?"
    assert "5 5 True" in finished(board)


def test_board_can_connect_too(serving):
    board = serving(
        """
client = pool.socket()
client.settimeout(5)
client.connect(("127.0.0.1", %d))
client.sendall(b"hello")
print(client.recv_into(buffer), bytes(buffer[:2]))
info = pool.getaddrinfo("127.0.0.1", 80)[0]
print(info[0] == pool.AF_INET, info[4])
print(number_of(pool.socket().recv_into, buffer))
"""
        % own_server()
    )
    lines = finished(board).splitlines()
    assert lines == ["2 b'ok'", "True ('127.0.0.1', 80)", "107"]


def own_server():
    """A server of one connection that answers ok; returns its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with server, server.accept()[0] as connection:
            assert connection.recv(5) == b"hello"
            connection.sendall(b"ok")

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1]


def test_wrong_use_is_refused(serving):
    board = serving(
        """
for name in ("recv", "makefile", "shutdown", "getsockname", "recvfrom"):
    assert not hasattr(listener, name), name
try:
    pool.socket(pool.AF_INET, pool.SOCK_RAW)
except ValueError:
    print("raw")
try:
    pool.socket(10)
except NotImplementedError:
    print("v6")
print(number_of(listener.setsockopt, pool.SOL_SOCKET, 99, 1))
connection = accept()
connection.setsockopt(pool.IPPROTO_TCP, pool.TCP_NODELAY, 1)
try:
    connection.recv_into(bytes(10))
except TypeError:
    print("bytes")
"""
    )
    with connect(board) as client:
        client.sendall(b"x")
        assert finished(board).splitlines() == ["raw", "v6", "95", "bytes"]


def test_restarted_board_finds_its_port_free(serving):
    board = serving("accept().send(b'x')\nwhile True:\n    time.sleep(1)\n")
    port = board.ports["tcp:80"]
    with connect(board) as client:
        assert client.recv(1) == b"x"
        board.restart()
        assert client.recv(1) == b""
    assert board.ports["tcp:80"] == port
    with connect(board) as client:
        assert client.recv(1) == b"x"


def test_web_workflow_takes_port_80_and_mdns(on_board, vm):
    output = on_board(
        """
import mdns, socketpool, wifi
print(wifi.radio.connected)
try:
    mdns.Server(wifi.radio)
except RuntimeError as error:
    print(error)
pool = socketpool.SocketPool(wifi.radio)
try:
    pool.socket().bind(("0.0.0.0", 80))
except OSError as error:
    print(error.errno)
""",
        vm=vm,
        networks={"home": "secret-word"},
        files={
            "settings.toml": 'CIRCUITPY_WIFI_SSID = "home"\nCIRCUITPY_WIFI_PASSWORD = "secret-word"\n'
            'CIRCUITPY_WEB_API_PASSWORD = "x"\n'
        },
    )
    assert output.splitlines() == ["True", "mDNS already initialized", "98"]


def test_poll_never_finds_a_reset_connection(serving):
    board = serving(
        """
poll = select.poll()
connection = accept()
poll.register(connection, select.POLLIN)
assert poll.poll(0) == []
connection.send(b"go")
assert poll.poll(10000) == [(connection, select.POLLIN)]
connection.recv_into(buffer)
connection.send(b"go on")
until(lambda: number_of(connection.recv_into, bytearray(1)) not in (11, None))
assert poll.poll(100) == [], "never readable after a reset"
print("done")
"""
    )
    client = connect(board)
    assert client.recv(2) == b"go"
    client.sendall(b"x")
    assert client.recv(5) == b"go on"
    reset(client)
    assert finished(board) == "done\n"


def test_reset_is_a_plain_os_error(serving):
    board = serving(
        """
connection = accept()
connection.send(b"go")
connection.settimeout(10)
try:
    connection.recv_into(buffer)
except OSError as error:
    print(error.errno, isinstance(error, ConnectionError), type(error).__name__)
print(number_of(connection.recv_into, buffer), number_of(connection.send, b"x"))
connection.close()
"""
    )
    client = connect(board)
    assert client.recv(2) == b"go"
    reset(client)
    assert finished(board) == "104 False OSError\n9 9\n"


# ---- What crashes CircuitPython 10.2.1 (seen on the firmware) ----

FAULT = """
connection = accept()
print("accepted")
until(lambda: number_of(connection.recv_into, buffer) == 104)
connection.setsockopt(pool.IPPROTO_TCP, pool.TCP_NODELAY, 1)
print("goes on")
"""
NODELAY_FAULT = [["setsockopt() after the client has reset the connection"]]


def fault(board):
    client = connect(board)
    board.wait_or_fail(lambda: "accepted" in board.output(), "not accepted")
    reset(client)
    board.wait_or_fail(lambda: board.events("fault"), "no hard fault")
    assert [list(event) for event in board.events("fault")] == NODELAY_FAULT


def test_an_option_after_a_reset_is_a_hard_fault(serving):
    board = serving(FAULT, expected=("fault",))
    fault(board)
    board.wait_or_fail(lambda: board.status == "safe mode", "no safe mode")
    assert "goes on" not in board.output()
    assert board.runs == 1, "the program runs in safe mode"


def test_safemode_py_runs_in_safe_mode(serving):
    safemode = """
import microcontroller, supervisor
print("safe:", supervisor.runtime.safe_mode_reason)
microcontroller.reset()
"""
    board = serving(FAULT, files={"safemode.py": safemode}, expected=("fault",))
    fault(board)
    board.wait_or_fail(lambda: board.runs == 2, "the program did not start again")
    assert "safe: supervisor.SafeModeReason.HARD_FAULT" in board.output()
    assert [reason for (reason,) in board.events("power")] == ["POWER_ON", "SOFTWARE", "SOFTWARE"]


def test_the_library_sets_no_option_after_a_reset(boards, vm):
    """While a program makes the next piece of an answer, the client may reset the connection."""
    program = (
        LISTEN.replace("listener.bind", "#").replace("listener.listen", "#")
        + """
from ehttpserver import Response, Server, route

class Program(Server):
    @route("/")
    def pieces(self, path, query_params, headers, body):
        return Response(slowly())

def slowly():
    yield b"first"
    yield b"second"
    print("making")
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        pass
    yield b"third"

listener.close()
for _ in Program().start(pool.socket(pool.AF_INET, pool.SOCK_STREAM)):
    pass
"""
    )
    board = boards(vm=vm, files={"code.py": program}, start=False)
    board.start()
    client = connect(board)
    client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    board.wait_or_fail(lambda: "making" in board.output(), "no answer")
    reset(client)
    with connect(board) as second:
        second.sendall(b"GET / HTTP/1.0\r\n\r\n")
        received = b""
        while piece := second.recv(4096):
            received += piece
    assert received.endswith(b"\r\n\r\nfirstsecondthird")
