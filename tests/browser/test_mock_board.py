"""The mock board answers as docs/openapi.yaml says that a board does: what the pages make of
anything else would be true in these tests only."""

import http.client
import json

import pytest
from documentation.test_openapi import check, conforms

PATHS = {
    "/api/status": "/api/status",
    "/api/readings": "/api/readings",
    "/api/history": "/api/history?points=50",
    "/api/files": "/api/files",
    "/api/files/{name}": "/api/files/2026-11-22.csv",
    "/api/settings": "/api/settings",
    "/api/settings.toml": "/api/settings.toml",
    "/api/log": "/api/log",
    "/api/outputs": "/api/outputs",
    "/api/wifi/scan": "/api/wifi/scan",
    "/api/wifi/try": "/api/wifi/try",
}


def get(mock, path):
    connection = http.client.HTTPConnection("127.0.0.1", int(mock.url.split(":")[2].strip("/")))
    connection.request("GET", path)
    return connection.getresponse()


@pytest.mark.parametrize("operation", PATHS)
def test_answers_as_a_board(mock, operation):
    mock.logged_in = True
    mock.outputs = [
        {"name": "fan", "label": "Fan", "value": False},
        {"name": "lamp", "label": "Lamp", "value": 40, "unit": "%", "min": 0, "max": 100},
    ]
    answer = get(mock, PATHS[operation])
    assert check(operation, "get", (answer.status, answer.headers, answer.read()))


def test_sends_events_as_a_board(mock):
    stream = get(mock, "/api/events")
    seen = set()
    while seen != {"status", "readings"}:
        kind = stream.readline().decode().removeprefix("event: ").strip()
        data = json.loads(stream.readline().decode().removeprefix("data: "))
        assert stream.readline() == b"\n"
        conforms({"$ref": f"#/components/schemas/{kind.capitalize()}"}, data)
        seen.add(kind)
