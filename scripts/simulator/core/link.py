"""The connection to simulate.py: reports go there, conditions and the start settings come from
there.

One JSON value per line each way. The other end's death ends this process, so a simulated board
never outlives it.
"""

import json

from . import conditions, host, power

_LARGEST_LINE = 65536

before_finish = []  # functions that bring power.kept up to date

_socket = None
_waiting = b""
_buffer = bytearray(1024)
_view = memoryview(_buffer)


def open_to(port, token):
    """Connects, identifies this process with `token` and waits for the start settings."""
    global _socket
    _socket = host.new_socket(host.TCP)
    host.connect(_socket, "127.0.0.1", port)
    watch = host.Watch(_socket)
    if not watch.ready(True, 10000) or host.pending_error(_socket):
        host.end_process()
    host.set_no_delay(_socket, 1)
    report("hello", token)
    while not conditions.now:
        watch.ready(False, 10000)
        receive()


def report(*event):
    """Tells the computer that something happened."""
    line = json.dumps(event).encode() + b"\n"
    report_line(line)


def report_line(line):
    """The same for an event that is encoded already."""
    view = memoryview(line)
    while len(view):
        try:
            sent = host.send(_socket, view)
        except OSError:
            host.end_process()
        if sent:
            view = view[sent:]
        else:
            host.sleep_us(1000)


def pass_on_news():
    """Lets the computer know what happened to the interpreter itself."""
    host.report_news(_socket)


def receive():
    """Takes in what has come from the computer."""
    global _waiting
    while True:
        try:
            count = host.receive_into(_socket, _buffer, len(_buffer))
        except OSError:
            count = 0
        if count is None:
            return
        if count == 0:
            host.end_process()
        _waiting += bytes(_view[:count])
        while True:
            end = _waiting.find(b"\n")
            if end < 0:
                break
            line = _waiting[:end]
            _waiting = _waiting[end + 1 :]
            _take(json.loads(line))
        if len(_waiting) > _LARGEST_LINE:
            host.end_process()


def _take(message):
    for key, value in message.get("power", {}).items():
        if key == "kept":
            power.kept.update(value)
        else:
            setattr(power, key, tuple(value) if isinstance(value, list) else value)
    for key, value in message.get("conditions", {}).items():
        conditions.changed(key, value)


def finish(end, text=""):
    """Reports how the program ended and waits to be stopped, as a board waits for what comes
    next."""
    for prepare in before_finish:
        prepare()
    pass_on_news()
    host.flush_console()
    report("end", end, text, power.kept)
    while True:
        receive()
        host.sleep_us(20000)
