"""Behind a real nginx that speaks TLS for the board."""

import http.client
import json
import socket
import ssl
import subprocess

import programs
import pytest

from .client import PASSWORD, PASSWORDS, Client, wait_until

NAME = "logger.lan"
CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    location / {{
      proxy_pass http://127.0.0.1:{board};
      proxy_buffer_size 32k;
      proxy_buffers 4 32k;
      {more}
    }}
  }}
}}
"""
# Both are usual: the name that the browser uses or, without this line, that in proxy_pass
HOSTS = ["proxy_set_header Host $http_host;", ""]


@pytest.fixture(params=HOSTS, ids=["name kept", "name replaced"])
def proxied(request, boards, tmp_path):
    """A board and the port of its proxy."""
    nginx = programs.need("nginx", "nginx-light")
    openssl = programs.need("openssl", "openssl")
    board = boards(settings={**PASSWORDS, "EXTRA_HOST_NAMES": NAME, "LIVE_SECONDS": 5})
    certificate = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "certificate.pem"]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}"]
        + ["-addext", f"subjectAltName=DNS:{NAME}", "-days", "2", *certificate],
        check=True,
        capture_output=True,
    )
    port = _free_port()
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=tmp_path, port=port, board=board.ports["tcp:80"], more=request.param
        )
    )
    with open(tmp_path / "nginx.log", "wb") as log:
        process = subprocess.Popen([nginx, "-p", tmp_path, "-c", configuration], stderr=log)
    try:
        wait_until(lambda: _listens(port) or process.poll() is not None)
        assert process.poll() is None, (tmp_path / "nginx.log").read_text()
        yield board, port, tmp_path / "certificate.pem"
    finally:
        process.terminate()
        process.wait(30)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Browser:
    """Talks TLS to the proxy as a browser that opened https://logger.lan/."""

    def __init__(self, port, certificate):
        self._port = port
        self._context = ssl.create_default_context(cafile=certificate)

    def open(self, method, path, body=None, **headers):
        link = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        connection = http.client.HTTPConnection(NAME, timeout=30)
        connection.sock = self._context.wrap_socket(link, server_hostname=NAME)
        connection.request(method, path, body and json.dumps(body), {"Host": NAME, **headers})
        return connection, connection.getresponse()

    def __call__(self, *arguments, **headers):
        connection, answer = self.open(*arguments, **headers)
        answer.read()
        connection.close()
        return answer


def test_a_page_by_tls_works_and_a_foreign_one_does_not(proxied):
    board, port, certificate = proxied
    browser = Browser(port, certificate)
    assert browser("GET", "/").status == 200
    login = {"password": PASSWORD}
    for foreign in ("https://evil.example", "https://logger.lan:444", "http://evil.example"):
        assert browser("POST", "/api/login", login, Origin=foreign).status == 403
    answer = browser("POST", "/api/login", login, Origin="https://" + NAME)
    assert answer.status == 200
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    page = {"Origin": "https://" + NAME, "Cookie": cookie}
    assert browser("DELETE", "/api/log", **page).status == 200
    assert browser("DELETE", "/api/log", **{**page, "Origin": "null"}).status == 403
    assert Client(board).get("/api/status")


def test_events_come_through_at_once(proxied):
    _, port, certificate = proxied
    connection, stream = Browser(port, certificate).open(
        "GET", "/api/events", Accept="text/event-stream"
    )
    assert stream.status == 200
    kinds = set()
    while (
        not {"status", "readings"} <= kinds
    ):  # a buffering nginx would keep them until there are 32 KB
        line = stream.fp.readline()
        assert line, "the stream has ended"
        if line.startswith(b"event: "):
            kinds.add(line.split()[1].decode())
    connection.close()
