"""The size of the app's allocations: nothing over 1 KB in one piece after the start."""

import time

import pytest

from .client import PASSWORDS, TIME, Client, Events, with_drive

# Bytes: Python finds a free block of this size on the board, however fragmented its memory is.
MAX_PIECE = 1024

READS = (
    "/",
    "/app.js",
    "/uplot/uPlot.js",
    "/api/status",
    "/api/readings",
    "/api/history",
    "/api/history?points=120",
    "/api/files",
    "/api/log",
    "/api/log?format=text",
    "/api/settings",
    "/api/settings.toml",
    "/api/deploy",
    "/api/i2c",
    "/api/wifi/scan",
    "/metrics",
)


def reported(board):
    """How many allocations were reported, once no report has come for a second: the reports take
    another way than the answers."""
    count = -1
    while count != len(board.events("allocation")):
        count = len(board.events("allocation"))
        time.sleep(1)
    return count


@pytest.mark.slow
def test_no_allocation_over_1_kb_after_the_start(boards):
    board = boards(vm="micropython", settings=PASSWORDS, allocations=True)
    client = Client(board)
    client.get("/api/readings")
    at_start = reported(board)  # buffers that are kept
    client.log_in().set_time()
    with_drive(board)
    events = Events(client)
    events.next()
    for path in READS:
        client.get(path)
    toml = client.get("/api/settings.toml").text
    assert client("PUT", "/api/settings.toml?preview", toml).status == 200
    assert client("PUT", "/api/settings.toml", toml).status == 200
    assert client.put_settings(SAMPLE_SECONDS=1, FLUSH_SECONDS=10).status == 200
    board.change(speed=20)
    events.next()
    for path in READS:
        client.get(path)
    client("POST", "/api/time", TIME)
    events.close()
    found = [(size, where) for size, where in board.events("allocation")[at_start:]]
    assert not [size for size, _ in found if size > MAX_PIECE], found
