"""The server doesn't parse a head again that repeats the one before: no client may notice."""

import json

import pytest

from .cases import get, request
from .client import Client
from .test_contract import settle
from .test_rivals import ok

FIELDS = (b"X-One: 1", b"Accept: text/html", b"Cookie: session=abc")


def seen(client, path, *fields):
    """What the handler of /inspect was given."""
    answer = client.request(get(path, *fields))
    assert answer.status == 200, answer
    return json.loads(answer.body)


def test_the_same_request_in_pieces(bench):
    """It is answered only when its last byte has come: the buffer still holds the first one."""
    data = get("/hello", *FIELDS)
    with Client(bench) as client:
        ok(client.request(data))
        for cut in range(1, len(data)):
            client.send(data[:cut])
            client.step(3)
            assert not client.received and not client.closed
            client.send(data[cut:])
            ok(client.answer())
    settle(bench)


def test_the_same_fields_with_other_paths_and_on_other_connections(bench):
    with Client(bench) as one, Client(bench) as other:
        for number in range(3):
            for client in (one, other):
                found = seen(client, f"/inspect{number}?{number}", *FIELDS)
                assert found["path"] == f"/inspect{number}" and found["query"] == str(number)
                assert found["headers"]["cookie"] == "session=abc"
    settle(bench)


def test_the_same_path_with_other_fields(bench):
    with Client(bench) as client:
        for fields in (FIELDS, FIELDS[:2], (), (*FIELDS, b"X-More: 2"), (b"X-One: 2", *FIELDS[1:])):
            found = seen(client, "/inspect", *fields)["headers"]
            wanted = dict(field.decode().lower().split(": ") for field in fields)
            assert found == {"host": "board", **wanted}
    settle(bench)


def test_a_handler_may_change_its_headers(bench):
    with Client(bench) as client:
        for _ in range(3):
            ok(client.request(get("/spoil", *FIELDS)), b"spoilt")
            found = seen(client, "/inspect", *FIELDS)["headers"]
            assert found["x-one"] == "1" and "x-spoilt" not in found
    settle(bench)


def test_a_request_without_fields(bench):
    data = b"GET /hello HTTP/1.0\n\n"
    for _ in range(3):
        with Client(bench) as client:
            client.send(data)
            ok(client.answer())
    settle(bench)


def test_refusals_are_repeated(bench):
    with Client(bench) as client:
        for _ in range(3):
            assert client.request(get("/missing", *FIELDS)).status == 404
            answer = client.request(request(b"DELETE", "/hello", *FIELDS))
            assert answer.status == 405 and "GET" in answer.headers["allow"]
    settle(bench)


def test_a_body_is_not_taken_for_a_head(bench):
    data = get("/hello", *FIELDS)
    with Client(bench) as client:
        ok(client.request(data))
        upload = request(b"POST", "/echo", b"Content-Length: %d" % len(data), body=data)
        for _ in range(2):
            ok(client.request(upload), data)
        ok(client.request(data))
    settle(bench)


@pytest.mark.parametrize("times", [1, 2])
def test_too_many_headers_after_the_same_request_line(bench, times):
    most = [b"X-%d: a" % number for number in range(49)]  # 50 with Host
    with Client(bench) as client:
        for _ in range(times):
            ok(client.request(get("/hello", *most)))
        assert client.request(get("/hello", *most, b"X-more: a")).status == 431
    settle(bench)


def test_answers_that_begin_alike(bench):
    """No answer has the status or the content type of the one before."""
    cases = [
        ("/hello", 200, "text/plain; charset=utf-8"),
        ("/missing", 404, "text/plain; charset=utf-8"),
        ("/json", 200, "application/json"),
        ("/html", 200, "text/html; charset=utf-8"),
        ("/html-with-charset", 200, "text/html; charset=utf-8"),
    ]
    with Client(bench) as client:
        for path, status, content_type in cases * 2 + cases[::-1]:
            for _ in range(2):
                answer = client.request(get(path))
                assert (answer.status, answer.headers["content-type"]) == (status, content_type)
    settle(bench)
