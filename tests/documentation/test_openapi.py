"""docs/openapi.yaml and the running app agree."""

import base64
import hashlib
import http.client
import json
import re
import subprocess
import sys

import jsonschema_rs
import pytest
import yaml
from app.test_access import ROUTES
from toolkit.environment import ROOT

FILE = ROOT / "docs" / "openapi.yaml"
API = yaml.safe_load(FILE.read_text(encoding="utf-8"))
EXAMPLE = API["paths"]["/api/wifi/try"]["post"]["requestBody"]["content"]["application/json"][
    "example"
]
METHODS = ("get", "put", "post", "delete")
PASSWORD = "a good password"
PASSWORDS = {"ADMIN_PASSWORD": PASSWORD, "AP_PASSWORD": "another password"}
RECORDING = "time,temperature\n2026-11-23T00:00:04+01:00,23.4\n"

# A stream has no end; the others would take away the session, the drive, the network or the app
# itself. The tests below request them.
NOT_AT_RANDOM = (
    "getEvents",
    "logIn",
    "logOut",
    "restart",
    "changeDrive",
    "tryNetwork",
    "deleteDeployed",
    "commitDeployed",
)

# Run by this interpreter: its environment has the package.
_SCHEMATHESIS = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"


class Client:
    """One user with a session."""

    def __init__(self, board):
        self.board = board
        self.cookie = ""

    def __call__(self, method, path, body=None, **headers):
        """(status, headers, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.board.ports["tcp:80"], timeout=30)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            connection.request(method, path, content, {"Cookie": self.cookie, **fields})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def log_in(self):
        status, headers, _ = self("POST", "/api/login", {"password": PASSWORD})
        assert status == 200
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        return self


@pytest.fixture
def client(boards):
    board = boards(settings=PASSWORDS, files={"data/2026-11-23.csv": RECORDING})
    board.change(speed=20)
    board.wait_for_output("the board has taken the drive")
    board.change(speed=1)
    return Client(board).log_in()


def resolved(value):
    """A response or schema, after following its references."""
    while isinstance(value, dict) and "$ref" in value:
        found = API
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        value = found
    return value


def conforms(schema, value):
    """Fails when the value is not of that schema of the document."""
    validator = jsonschema_rs.validator_for({**schema, "components": API["components"]})
    validator.validate(value)


def check(operation, method, answer):
    """The answer is one that the document has for this operation; returns its content."""
    status, headers, body = answer
    described = API["paths"][operation][method]["responses"]
    assert str(status) in described, (operation, method, status, body)
    content = resolved(described[str(status)]).get("content")
    if not content:
        return None
    kind = headers["Content-Type"].partition(";")[0]
    assert kind in content, (operation, kind)
    if kind != "application/json":
        return body.decode()
    value = json.loads(body)
    conforms(content[kind]["schema"], value)
    return value


def operations():
    return [
        (path, method, item[method])
        for path, item in API["paths"].items()
        for method in METHODS
        if method in item
    ]


def test_examples_are_of_their_schemas():
    seen = 0
    for name, schema in API["components"]["schemas"].items():
        if "example" in schema:
            conforms({"$ref": f"#/components/schemas/{name}"}, schema["example"])
            seen += 1
    for path, method, operation in operations():
        answers = [resolved(answer) for answer in operation["responses"].values()]
        for part in (operation.get("requestBody", {}), *answers):
            for media in part.get("content", {}).values():
                if "example" in media:
                    conforms(media["schema"], media["example"])
                    seen += 1
        assert operation["summary"].endswith("."), (path, method)
    assert seen > 15


def test_every_route_is_described():
    """The routes come from tests/app/test_access.py, which makes sure that none is missing."""
    described = [
        (method.upper(), re.sub(r"{\w+}", ".+", path.replace(".", "[.]")))
        for path, method, _ in operations()
    ]
    routes = [
        (method, path.partition("?")[0])
        for method, path, _, _, status in ROUTES
        if path.startswith("/api/") and status != 404 or path == "/metrics"
    ]
    assert len(routes) > 20
    for method, path in routes:
        assert any(method == verb and re.fullmatch(pattern, path) for verb, pattern in described), (
            method,
            path,
        )


def test_random_requests(client, tmp_path):
    """Schemathesis: the document has each answer to valid and invalid requests, with its schema."""
    excluded = [word for name in NOT_AT_RANDOM for word in ("--exclude-operation-id", name)]
    done = subprocess.run(
        [sys.executable, "-c", _SCHEMATHESIS]
        + ["--config-file", str(ROOT / "tests" / "documentation" / "schemathesis.toml")]
        + ["run", str(FILE), "--url", client.board.url, "--header", f"Cookie: {client.cookie}"]
        + ["--phases", "examples,coverage,fuzzing", "--max-examples", "20", "--seed", "1"]
        + ["--request-timeout", "20", "--continue-on-failure", *excluded],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{client.board.output()[-4000:]}"
    tested = re.search(r"Tested: +([0-9]+)", done.stdout)
    assert tested and int(tested[1]) >= len(operations()) - len(NOT_AT_RANDOM), done.stdout
    assert check("/api/status", "get", client("GET", "/api/status"))["errors"] == 0


def test_events(client):
    connection = http.client.HTTPConnection("127.0.0.1", client.board.ports["tcp:80"], timeout=30)
    headers = {"Accept": "text/event-stream", "Cookie": client.cookie}
    connection.request("GET", "/api/events", headers=headers)
    stream = connection.getresponse()
    assert str(stream.status) in API["paths"]["/api/events"]["get"]["responses"]
    client.board.change(speed=60)
    seen = set()
    while seen != {"status", "readings", "sample"}:
        kind = stream.readline().decode().removeprefix("event: ").strip()
        data = json.loads(stream.readline().decode().removeprefix("data: "))
        assert stream.readline() == b"\n"
        conforms({"$ref": f"#/components/schemas/{kind.capitalize()}"}, data)
        seen.add(kind)
    stream.close()
    connection.close()


def test_login_and_logout(client):
    stranger = Client(client.board)
    check("/api/login", "post", stranger("POST", "/api/login", {"password": "wrong"}))
    assert check("/api/login", "post", stranger("POST", "/api/login", {}))["field"] == "password"
    assert check("/api/logout", "post", stranger("POST", "/api/logout"))["error"]
    assert check("/api/logout", "post", client("POST", "/api/logout")) == {"logged_in": False}
    for number in range(6):
        answer = stranger("POST", "/api/login", {"password": f"wrong {number}"})
        check("/api/login", "post", answer)
    assert answer[0] == 429
    assert int(answer[1]["Retry-After"]) > 0


def test_every_change_needs_the_login_as_described(client):
    stranger = Client(client.board)
    client("POST", "/api/time", {"epoch": 1795485459})
    for path, method, operation in operations():
        needs = {} not in operation.get("security", API["security"])
        url = path.replace("{name}", "2026-11-23.csv").replace("{path}", "www/night.html")
        if method != "get":
            status = stranger(method.upper(), url, {})[0]
            assert (status == 401) == (needs or path == "/api/time"), (path, method, status)


def test_deploy(client):
    content = b"hello"
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    example = API["paths"]["/api/deploy/{path}"]["put"]["parameters"][0]["example"]
    assert example == f"sha-256=:{digest}:"
    answer = client("PUT", "/api/deploy/www/night.html", content, Content_Digest=example)
    assert answer[0] == 200
    described = check("/api/deploy/{path}", "put", answer)
    assert described == {"path": "www/night.html", "size": 5}
    check("/api/deploy", "get", client("GET", "/api/deploy"))
    check("/api/deploy/{path}", "delete", client("DELETE", "/api/deploy/www/night.html"))
    check("/api/deploy", "delete", client("DELETE", "/api/deploy"))
    refused = client("POST", "/api/deploy", {"fingerprint": "1" * 64})
    assert refused[0] == 409 and check("/api/deploy", "post", refused)
    committed = client("POST", "/api/deploy", {"fingerprint": "0" * 64})
    assert check("/api/deploy", "post", committed)["files"] == 0


def test_controlling_the_recorder(client):
    for action in ("stop", "start", "sample", "write"):
        check("/api/recorder", "post", client("POST", "/api/recorder", {"action": action}))
    note = {"action": "note", "text": "window open"}
    check("/api/recorder", "post", client("POST", "/api/recorder", note))
    answer = client("POST", "/api/recorder", {"action": "erase"})
    assert answer[0] == 400
    check("/api/recorder", "post", answer)


def test_networks(client):
    client.board.change(networks={"Greenhouse": "a good password"}, speed=5)
    check("/api/wifi/scan", "get", client("GET", "/api/wifi/scan"))
    for wrong in ({}, {"ssid": ""}, {"ssid": "a", "password": 1}, [], b"{"):
        answer = client("POST", "/api/wifi/try", wrong)
        assert answer[0] == 400
        check("/api/wifi/try", "post", answer)
    for sent, state in ((EXAMPLE, "joined"), ({"ssid": "nowhere", "password": ""}, "failed")):
        assert check("/api/wifi/try", "post", client("POST", "/api/wifi/try", sent))
        assert client("POST", "/api/wifi/try", sent)[0] == 409
        found = {"state": "trying"}
        while found["state"] == "trying":
            found = check("/api/wifi/try", "get", client("GET", "/api/wifi/try"))
        assert found["state"] == state


def test_drive(client):
    for owner in ("computer", "board"):
        answer = client("POST", "/api/drive", {"owner": owner})
        assert check("/api/drive", "post", answer)["owner"] == owner
    for wrong in ({}, {"owner": "nobody"}, {"owner": None}, [], b"{"):
        answer = client("POST", "/api/drive", wrong)
        assert answer[0] == 400
        check("/api/drive", "post", answer)


def test_restart(client):
    assert check("/api/restart", "post", client("POST", "/api/restart")) == {"restarting": True}
    client.board.wait_until_listening(2)
