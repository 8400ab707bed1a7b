"""Bodies that come piece by piece: what the client receives, and when."""

from .cases import get
from .client import Client
from .test_contract import settle


def test_head_does_not_wait_for_the_first_piece(bench):
    """Browsers tell a page that its event stream is open when the head is complete."""
    with Client(bench) as client:
        client.send(get("/silent"))
        assert client.wait(lambda: client.received, 60)
        client.step(60)
        client.read()
        assert b"\r\n\r\n" in client.received, bytes(client.received)
    settle(bench)
