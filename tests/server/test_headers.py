"""Header fields that the program gives: several of one name."""

from .cases import get
from .client import Client
from .test_contract import settle


def head_of(bench, path):
    with Client(bench) as client:
        client.send(get(path))
        assert client.wait(lambda: b"\r\n\r\n" in client.received)
        head = bytes(client.received).partition(b"\r\n\r\n")[0]
    settle(bench)
    return head.split(b"\r\n")


def test_a_list_gives_a_field_for_each_value(bench):
    lines = head_of(bench, "/several-headers")
    assert lines[0] == b"HTTP/1.1 200 OK"
    cookies = [line for line in lines if line.startswith(b"Set-Cookie")]
    assert cookies == [b"Set-Cookie: a=1", b"Set-Cookie: b=2; Path=/"]
    assert [line for line in lines if line.startswith(b"Vary")] == [b"Vary: A", b"Vary: B"]
    assert not any(line.startswith(b"X-None") for line in lines)


def test_a_value_in_a_list_is_checked_too(bench):
    lines = head_of(bench, "/injected-in-a-list")
    assert lines[0].startswith(b"HTTP/1.1 500 ")
    assert not any(line.startswith(b"Set-Cookie") for line in lines)
