"""Programs written for the original ehttpserver run unchanged; routes belong to their class."""

import inspect
import json
import socket

import pytest

from .cases import HOST, get, post, request
from .client import Client
from .harness import VMS, load
from .test_contract import settle

HTML = b"<h1>original</h1>"


@pytest.fixture(params=VMS)
def original(request, make_bench, files):
    """A program in the original's style, running."""
    www = files / "www"
    www.mkdir(exist_ok=True)
    (www / "index.html").write_bytes(HTML)
    (www / "page.js").write_bytes(b"let a = 1;")
    (www / "2024.csv").write_bytes(b"1,2\n" * 3000)
    (www / "boot.log").write_bytes(b"started\n")
    bench = make_bench(
        request.param, "limited", program="original_style.web_ap", debug=True, cache=True
    )
    yield bench
    bench.close()


def ask(bench, data, method="GET"):
    with Client(bench) as client:
        answer = client.request(data, method)
    settle(bench)
    return answer


ORIGINAL_REQUESTS = {
    "main": (get("/"), 200, HTML),
    "favicon refused": (get("/favicon.ico"), 400, b""),
    "static with a doubled slash": (get("/page.js"), 200, b"let a = 1;"),
    "static that is missing": (get("/missing.css"), 404, None),
    "model": (get("/get_model"), 200, b'{"VALUE": "1"}'),
    "decorated, calls a plain method": (get("/get_csv_list"), 200, b'{"files": ["2024.csv"]}'),
    "decorated, name taken over": (get("/get_log_list"), 200, b'{"files": ["boot.log"]}'),
    "body decoded": (post("/save_config", b"A=b+c&D=%C3%BC&E=%2B"), 200, b"configuration saved"),
    "body split": (post("/set_time", b"time=1700000000"), 200, b"1700000000"),
    "fault caught by the handler": (post("/set_time", b"x"), 200, b"could not update time"),
    "upload": (post("/upload_config", b"\x00\xffA = 1\n"), 200, b"uploaded"),
    "download": (get("/2024.csv"), 200, b"1,2\n" * 3000),
    "delete of what isn't there": (get("/none.csv.delete"), 400, b"delete failed for /none.csv"),
    "header by lower-case name": (get("/user-agent", b"User-Agent: Test/1"), 200, b"Test/1"),
    "HTTP/1.0 without Host": (b"GET /get_model HTTP/1.0\r\n\r\n", 200, b'{"VALUE": "1"}'),
}


@pytest.mark.parametrize("name", ORIGINAL_REQUESTS)
def test_original_program(original, name):
    data, status, body = ORIGINAL_REQUESTS[name]
    answer = ask(original, data)
    assert answer.status == status
    assert body is None or answer.body == body


def test_original_program_keeps_its_names(original):
    names = ask(original, get("/names")).body.decode()
    assert names == repr((True, 7, *["mine"] * 6, ["not", "the", "library's"], "a name"))


def test_original_program_stores_what_forms_send(original, files):
    ask(original, post("/save_config", b"A=b+c&D=%C3%BC&E=%2B"))
    assert json.loads(ask(original, get("/get_model")).body)["D"] == "ü"
    ask(original, post("/upload_config", bytes(range(256))))
    assert (files / "www" / "config.py").read_bytes() == bytes(range(256))


def test_original_program_sets_headers(original):
    assert ask(original, get("/page.js")).headers["cache-control"] == "max-age=2592000"
    assert ask(original, get("/2024.csv")).headers["content-type"] == "application/octet-stream"
    assert ask(original, get("/status")).headers["x-status"] == "200"
    assert "cache-control" not in ask(original, get("/missing.css")).headers


def test_original_program_deletes(original, files):
    (files / "www" / "old.csv").write_bytes(b"1\n")
    assert ask(original, get("/old.csv.delete")).body == b"successfully deleted /old.csv"
    assert not (files / "www" / "old.csv").exists()


ROUTING = {
    "TakenOverFirst": {"/taken": "plain method", "/other": "other"},
    "TakenOverMiddle": {"/taken": "plain method", "/first": "first", "/last": "last"},
    "TakenOverLast": {"/taken": "plain method", "/other": "other"},
    "TakenOverOnly": {"/taken": "plain method", "/other": None, "/same": None},
    "TakenOverByRoute": {"/before": "before", "/one": "one", "/two": "two", "/other": None},
    "TakenOverTwice": {"/one": "plain one", "/two": "plain two", "/taken": None},
    "Parent": {
        "/inherited": "inherited",
        "/overridden": "parent's",
        "/added": None,
        "/mixed-in": None,
    },
    "Child": {
        "/inherited": "inherited",
        "/overridden": "child's",
        "/extended": "child's, after 200",
        "/added": "added",
        "/same": None,
    },
    "Grandchild": {
        "/inherited": "inherited",
        "/overridden": "grandchild's",
        "/extended": "child's, after 200",
        "/added": "added",
    },
    "Childless": {"/inherited": "inherited", "/overridden": "parent's", "/added": None},
    "OtherChild": {"/moved": "other child's", "/inherited": "inherited", "/added": None},
    "Mixed": {"/mixed-in": "mixed in", "/inherited": "inherited"},
    "SameNames": {
        "/same": "same",
        "/same-inherited": "same inherited",
        "/inherited": None,
        "/taken": None,
    },
    "Secretive": {"/secret": "secret", "/open": None},
    "Before": {"/open": "open first", "/secret": None},
    "Unrouted": {"/secret": None, "/taken": None, "/open": None, "/same": None},
    "TakenOverEdge": {"/edge": "edge", "/other-edge": None},
    "AfterEdge": {"/other-edge": "other edge", "/edge": None},
    "Empty": {"/taken": None, "/same": None, "/inherited": None, "/made": None},
    "MadeFirst": {"/made": "first made", "/same": None},
    "MadeSecond": {"/made": "second made"},
    "Precedence": {"/item/special": "special", "/item/other": "item"},
}


@pytest.mark.parametrize("vm", VMS)
@pytest.mark.parametrize("program", ROUTING)
def test_routes_belong_to_their_class(make_bench, vm, program):
    bench = make_bench(vm, "stock", program=f"routing_programs.{program}")
    try:
        for path, text in ROUTING[program].items():
            answer = ask(bench, get(path))
            given = answer.body.decode() if answer.status == 200 else None
            assert given == text, path
    finally:
        bench.close()


@pytest.fixture(scope="module")
def library():
    return load()["ehttpserver"]


SIGNATURES = {
    "Server": {
        "max_request_line_size": 4096,
        "max_header_count": 50,
        "max_body_bytes": 65536,
        "request_timeout_seconds": 10,
        "debug": False,
        "idle_timeout_seconds": 5,
    },
    "Response": {
        "body": inspect.Parameter.empty,
        "status_code": 200,
        "content_type": "text/plain",
        "headers": None,
    },
    "FileResponse": {
        "filename": inspect.Parameter.empty,
        "headers": None,
        "content_type": None,
        "buffer_size": 1024,
    },
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_signature(library, name):
    parameters = list(inspect.signature(getattr(library, name)).parameters.values())
    wanted = SIGNATURES[name]
    given = {parameter.name: parameter.default for parameter in parameters[: len(wanted)]}
    assert given == wanted
    assert list(given) == list(wanted)
    for more in parameters[len(wanted) :]:
        assert more.default is not inspect.Parameter.empty


class Recorder:
    """A listening socket that only records its calls."""

    def __init__(self):
        self.told = []

    def setblocking(self, flag):
        self.told.append(("setblocking", flag))

    def settimeout(self, seconds):
        self.told.append(("setblocking", bool(seconds)))

    def setsockopt(self, *arguments):
        self.told.append(("setsockopt",))

    def bind(self, address):
        self.told.append(("bind", address))

    def listen(self, backlog):
        self.told.append(("listen", backlog))

    def accept(self):
        raise BlockingIOError(11, "EAGAIN")


def test_listens_on_port_80_by_default(library):
    listener = Recorder()
    server = library.Server().start(listener)
    next(server)
    assert ("setblocking", False) in listener.told
    assert ("bind", ("0.0.0.0", 80)) in listener.told
    assert ("listen", 16) in listener.told  # this many may wait, whatever the number of places
    server.close()


def test_debug_prints_only_when_asked(library, capsys):
    library.Server().debug("not to be seen")
    library.Server(debug=True).debug("to be seen")
    assert capsys.readouterr().out == "to be seen\n"


def test_debug_flag_is_readable(library):
    assert library.Server()._debug is False
    assert library.Server(debug=True)._debug is True


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a+b", "a b"),
        ("%C3%BC", "ü"),
        ("%2B%26%3d", "+&="),
        ("%41%E2%82%ACz", "A€z"),
        ("ü+%25", "ü %"),
    ],
)
def test_html_decode(library, text, decoded):
    assert library.Server().html_decode(text) == decoded


@pytest.mark.parametrize("text", ["%", "%4", "%zz", "100%", "%ff", "%c0%af", "%e0%80%af"])
def test_html_decode_of_nonsense_never_raises_anything_unusual(library, text):
    try:
        assert isinstance(library.Server().html_decode(text), str)
    except ValueError:
        pass  # what the original raises


def test_response_attributes(library):
    response = library.Response("x", 201, "text/html", {"X-A": "b"})
    assert response.status_code == 201
    assert response.headers["X-A"] == "b"


def test_response_headers_are_its_own(library):
    given = {"X-A": "b"}
    first, second = library.Response("1", headers=given), library.Response("2", headers=given)
    first.headers["X-B"] = "c"
    assert "X-B" not in second.headers and "X-B" not in given
    first, second = library.Response("1"), library.Response("2")
    first.headers["X-B"] = "c"
    assert "X-B" not in second.headers


def test_content_type_by_its_name_in_the_original(library):
    """The original keeps it in the headers, lower-case; programs change it there."""
    response = library.Response("{}")
    response.headers["content-type"] = "application/json"
    head = answer_of(library, response)
    assert head.lower().count(b"\r\ncontent-type:") == 1
    assert b"application/json" in head


def answer_of(library, response):
    """What a client receives when a handler returns the response."""

    class Program(library.Server):
        @library.route("/")
        def _main(self, path, query_params, headers, body):
            return response

    return run_on_a_port(Program(), 0)[0]


class BoardSocket(socket.socket):
    """Knows the option by CircuitPython's numbers."""

    def setsockopt(self, level, name, value):
        if (level, name) == (0xFFF, 4):
            level, name = socket.SOL_SOCKET, socket.SO_REUSEADDR
        super().setsockopt(level, name, value)


def run_on_a_port(server, port, socket_class=socket.socket):
    """Serve one request as programs do, and end; returns what its client received, and the port."""
    with socket_class() as listener:
        steps = server.start(listener, ("127.0.0.1", port))
        next(steps)
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            for _ in range(20):
                next(steps)
            received = client.recv(65536)
            assert client.recv(1) == b""
        steps.close()
    return received, port


def test_program_starts_again_on_its_port(library):
    """The original sets SO_REUSEADDR: a board reloads its program while old connections linger."""

    class Program(library.Server):
        @library.route("/")
        def _main(self, path, query_params, headers, body):
            return library.Response("x")

    _, port = run_on_a_port(Program(), 0, BoardSocket)
    assert run_on_a_port(Program(), port, BoardSocket)[0].startswith(b"HTTP/1.1 200 ")


def test_close_of_the_generator_frees_everything(make_bench):
    """Programs end the server by leaving their loop."""
    bench = make_bench("cpython", "stock")
    clients = [Client(bench) for _ in range(3)]
    clients[0].try_send(get("/file/large.bin"))
    clients[1].try_send(request(b"PUT", "/upload/a", b"Content-Length: 9", body=b"abc"))
    clients[2].try_send(b"GET / HTTP/1.1\r\n" + HOST)
    bench.step(20)
    bench.close()
    assert bench.report()["connections"] == 0
    assert bench.report()["generators_open"] == 0
    assert bench.open_files() == []
    for client in clients:
        client.close()
