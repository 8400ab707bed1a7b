"""The program that answers the cases of the contract: a handler for each thing to check."""

import binascii
import json

from ehttpserver import FileResponse, Response, Server, route

BIG = 30000  # bytes of /big
# Made once: the heap doesn't always have a block of this size
_BIG_BODY = b"0123456789" * (BIG // 10)
_SHARED = {"Cache-Control": "no-cache"}  # one dict for all responses, as programs often have it


class ContractApp(Server):
    def __init__(self, ledger, files, **options):
        self._ledger = ledger
        self._files = files
        self.messages = []
        self.raises_in_debug = False
        self.generators_open = 0  # response bodies and uploads that have begun and not ended yet
        self.last_upload = None
        self.kept_response = None
        self.accepts = self.sends = True  # what the hooks return
        self.asked = []  # the arguments of may_send()
        super().__init__(**options)

    def may_accept(self):
        return self.accepts

    def may_send(self, size, sent):
        if len(self.asked) < 50:
            self.asked.append([size, sent])
        return self.sends

    def debug(self, msg):
        if self.raises_in_debug:
            self.raises_in_debug = False
            raise OSError(30, "EROFS")  # a log file on a drive that the computer has
        if len(self.messages) >= 8:  # few, as they fragment the heap
            self.messages.pop(0)
        self.messages.append(str(msg))

    def handle_request(self, method, path, query_params, headers, body, handler):
        self._ledger.handler_called()
        if path == "/guarded" and headers.get("x-key") != "letmein":
            return Response("no", 403)
        return handler(self, path, query_params, headers, body)

    @route("/hello")
    def _hello(self, path, query_params, headers, body):
        return Response("hello")

    @route("/bystander", "GET")
    def _bystander(self, path, query_params, headers, body):
        return Response("here")

    @route("/json", "GET")
    def _json(self, path, query_params, headers, body):
        return Response('{"value": 1}', content_type="application/json")

    @route("/value/([0-9]+)", "GET")
    def _value(self, path, query_params, headers, body):
        return Response(path)

    @route("/alt-one|/alt-two", "GET")
    def _alternatives(self, path, query_params, headers, body):
        return Response(path)

    @route("/guarded", "GET")
    def _guarded(self, path, query_params, headers, body):
        return Response("yes")

    @route("/größe .*", "GET")
    def _decoded(self, path, query_params, headers, body):
        return Response(path)

    @route("/inspect.*", "GET")
    def _inspect_get(self, path, query_params, headers, body):
        return _inspection("GET", path, query_params, headers, body)

    @route("/inspect.*", "POST")
    def _inspect_post(self, path, query_params, headers, body):
        return _inspection("POST", path, query_params, headers, body)

    @route("/client", "GET")
    def _client(self, path, query_params, headers, body):
        return Response(self.client_address)

    @route("/spoil", "GET")
    def _spoil(self, path, query_params, headers, body):
        """A handler may change the headers that it is given: no other request sees that."""
        headers.clear()
        headers["x-spoilt"] = "yes"
        return Response("spoilt")

    @route("/echo", "POST")
    def _echo(self, path, query_params, headers, body):
        return Response(bytes(body), content_type="application/octet-stream")

    @route("/form", "POST")
    def _form(self, path, query_params, headers, body):
        value = body.decode().split("=")[1]
        return Response(self.html_decode(value))

    @route("/both", "GET")
    def _both_get(self, path, query_params, headers, body):
        return Response("get")

    @route("/both", "PUT")
    def _both_put(self, path, query_params, headers, body):
        return Response("put")

    @route("/both", "DELETE")
    def _both_delete(self, path, query_params, headers, body):
        return Response("delete")

    @route("/text", "GET")
    def _text(self, path, query_params, headers, body):
        return Response("Grüße €")

    @route("/html", "GET")
    def _html(self, path, query_params, headers, body):
        return Response("<p>é</p>", content_type="text/html")

    @route("/html-with-charset", "GET")
    def _html_with_charset(self, path, query_params, headers, body):
        return Response("<p>é</p>", content_type="text/html; charset=utf-8")

    @route("/bytearray", "GET")
    def _bytearray(self, path, query_params, headers, body):
        return Response(bytearray(b"\x00\xff\r\n\x00"), content_type="application/octet-stream")

    @route("/empty-body", "GET")
    def _empty_body(self, path, query_params, headers, body):
        return Response("")

    @route("/big", "GET")
    def _big(self, path, query_params, headers, body):
        return Response(_BIG_BODY, content_type="application/octet-stream")

    @route("/status/([0-9]+)", "GET")
    def _status(self, path, query_params, headers, body):
        return Response("", status_code=int(path.split("/")[2]))

    @route("/status-with-text/([0-9]+)", "GET")
    def _status_with_text(self, path, query_params, headers, body):
        return Response("text", int(path.split("/")[2]))

    @route("/headers", "GET")
    def _headers(self, path, query_params, headers, body):
        response = Response("x", headers={"X-Given": "one"})
        response.headers["X-Added"] = "two"
        response.headers["Cache-Control"] = "no-store"
        response.status_code = 203
        return response

    @route("/close", "GET")
    def _close(self, path, query_params, headers, body):
        return Response("bye", headers={"Connection": "close"})

    @route("/close-in-capitals", "GET")
    def _close_in_capitals(self, path, query_params, headers, body):
        return Response("bye", headers={"connection": "Close"})

    @route("/injected-at-once/(.+)", "GET")
    def _injected_at_once(self, path, query_params, headers, body):
        name, value = _injection(path)
        try:
            return Response("sent", headers={name: value})
        except ValueError:
            return Response("refused")

    @route("/injected-later/(.+)", "GET")
    def _injected_later(self, path, query_params, headers, body):
        name, value = _injection(path)
        response = Response("sent")
        response.headers[name] = value
        return response

    @route("/raise", "GET")
    def _raise(self, path, query_params, headers, body):
        raise ValueError("a fault in the handler")

    @route("/raise-in-debug", "GET")
    def _raise_in_debug(self, path, query_params, headers, body):
        self.raises_in_debug = True
        raise ValueError("a fault in the handler, then one in debug")

    @route("/raise-memory", "GET")
    def _raise_memory(self, path, query_params, headers, body):
        raise MemoryError("no memory")

    @route("/raise-stop", "GET")
    def _raise_stop(self, path, query_params, headers, body):
        raise StopIteration()

    @route("/raise-os", "GET")
    def _raise_os(self, path, query_params, headers, body):
        raise OSError(11, "EAGAIN")  # this must not mislead the server

    @route("/raise-at-post", "POST")
    def _raise_at_post(self, path, query_params, headers, body):
        raise KeyError("a fault in the handler")

    @route("/nothing", "GET")
    def _nothing(self, path, query_params, headers, body):
        return None

    @route("/wrong-type", "GET")
    def _wrong_type(self, path, query_params, headers, body):
        return "not a Response"

    @route("/pieces", "GET")
    def _pieces(self, path, query_params, headers, body):
        return Response(self._track(_pieces()), content_type="text/plain")

    @route("/no-pieces", "GET")
    def _no_pieces(self, path, query_params, headers, body):
        return Response(self._track(iter(())))

    @route("/list-iterator", "GET")
    def _list_iterator(self, path, query_params, headers, body):
        return Response(iter([b"a", b"", b"b"]))

    @route("/text-pieces", "GET")
    def _text_pieces(self, path, query_params, headers, body):
        return Response(self._track(iter(["Grüße ", b"\xe2\x82\xac", "", " 😀", None, ", ASCII"])))

    @route("/text-pieces-of-known-length", "GET")
    def _text_pieces_of_known_length(self, path, query_params, headers, body):
        return Response(iter(["Grüße", " €"]), headers={"Content-Length": "11"})

    @route("/several-headers", "GET")
    def _several_headers(self, path, query_params, headers, body):
        fields = {"Set-Cookie": ["a=1", "b=2; Path=/"], "X-None": (), "Vary": ("A", "B")}
        return Response("x", headers=fields)

    @route("/injected-in-a-list", "GET")
    def _injected_in_a_list(self, path, query_params, headers, body):
        return Response("sent", headers={"X-Value": ["a", "b\r\nSet-Cookie: c"]})

    @route("/pieces-of-known-length", "GET")
    def _pieces_of_known_length(self, path, query_params, headers, body):
        return Response(self._track(_pieces()), headers={"Content-Length": "17"})

    @route("/pieces/([0-9]+)", "GET")
    def _pieces_of_length(self, path, query_params, headers, body):
        return Response(self._track(_pieces()), headers={"Content-Length": path.split("/")[2]})

    @route("/big-pieces", "GET")
    def _big_pieces(self, path, query_params, headers, body):
        return Response(self._track(_big_pieces()), content_type="application/octet-stream")

    @route("/raise-first", "GET")
    def _raise_first(self, path, query_params, headers, body):
        return Response(self._track(_failing(0)))

    @route("/raise-midway", "GET")
    def _raise_midway(self, path, query_params, headers, body):
        return Response(self._track(_failing(2)))

    @route("/events", "GET")
    def _events(self, path, query_params, headers, body):
        return Response(self._track(_events()), content_type="text/event-stream")

    @route("/quiet", "GET")
    def _quiet(self, path, query_params, headers, body):
        return Response(self._track(_quiet()), content_type="text/event-stream")

    @route("/silent", "GET")
    def _silent(self, path, query_params, headers, body):
        return Response(self._track(_silent()), content_type="text/event-stream")

    @route("/quiet-for-a-while", "GET")
    def _quiet_for_a_while(self, path, query_params, headers, body):
        return Response(self._track(_quiet_for_a_while()))

    @route("/shared-headers/(.+)", "GET")
    def _shared_headers(self, path, query_params, headers, body):
        return FileResponse(self._files + path[16:], headers=_SHARED)

    @route("/shared-default", "GET")
    def _shared_default(self, path, query_params, headers, body):
        response = Response("x")
        seen = str(sorted(response.headers))
        response.headers["X-Kept"] = "no"
        return Response(seen)

    @route("/endless", "GET")
    def _endless(self, path, query_params, headers, body):
        return Response(self._track(_endless()), content_type="application/octet-stream")

    @route("/file/(.*)", "GET")
    def _file(self, path, query_params, headers, body):
        return FileResponse(self._files + path[5:])

    @route("/no-page", "GET")
    def _no_page(self, path, query_params, headers, body):
        response = FileResponse(self._files + "plain.txt")
        response.status_code = 404
        return response

    @route("/same-response", "GET")
    def _same_response(self, path, query_params, headers, body):
        if not self.kept_response:
            self.kept_response = FileResponse(self._files + "plain.txt")
        return self.kept_response

    @route("/cached-file/(.*)", "GET")
    def _cached_file(self, path, query_params, headers, body):
        return FileResponse(self._files + path[12:], headers={"Cache-Control": "max-age=2592000"})

    @route("/typed-file/(.*)", "GET")
    def _typed_file(self, path, query_params, headers, body):
        return FileResponse(
            self._files + path[11:], content_type="application/octet-stream", buffer_size=4096
        )

    @route("/upload/(.+)", "PUT", max_streamed_bytes=300000)
    def _upload(self, path, query_params, headers, body):
        self.generators_open += 1
        try:
            if path == "/upload/refused":
                return Response("refused", 403)
            if path == "/upload/nothing":
                return None
            if path == "/upload/raising":
                raise ValueError("a fault before the first piece")
            size = checksum = pieces = 0
            self.last_upload = "begun"
            while True:
                piece = yield
                if not piece:
                    break
                size += len(piece)
                checksum = binascii.crc32(bytes(piece), checksum)
                pieces += 1
                if path == "/upload/raising-midway":
                    raise ValueError("a fault after the first piece")
                if path == "/upload/enough" and size >= 3:
                    return Response("enough", 409)
            self.last_upload = "complete"
            if path == "/upload/forgotten":
                return None
            return Response(json.dumps({"size": size, "crc32": checksum, "method": "PUT"}), 201)
        finally:
            self.generators_open -= 1

    def _track(self, generator):
        """Yields the same pieces, and counts the generators that are open."""
        self.generators_open += 1
        try:
            for piece in generator:
                yield piece
        finally:
            self.generators_open -= 1


def _inspection(method, path, query_params, headers, body):
    return Response(
        json.dumps(
            {
                "method": method,
                "path": path,
                "query": query_params,
                "headers": headers,
                "body": binascii.hexlify(body).decode(),
            }
        ),
        content_type="application/json",
    )


def _injection(path):
    what = path.split("/")[2]
    if what == "cr":
        return "X-Value", "a\rSet-Cookie: b"
    if what == "lf":
        return "X-Value", "a\nSet-Cookie: b"
    if what == "nul":
        return "X-Value", "a\x00b"
    if what == "name":
        return "X-Name\r\nSet-Cookie", "b"
    if what == "name-lf":
        return "X-Name\nSet-Cookie", "b"
    return "X-Name\x00", "b"


def _pieces():
    yield b"bytes "
    yield b""
    yield None
    yield bytearray(b"array ")
    yield None
    yield memoryview(b"view!")


def _big_pieces():
    piece = bytearray(5000)
    for number in range(BIG // 5000):
        for index in range(5000):
            piece[index] = number
        yield piece


def _failing(pieces):
    for _ in range(pieces):
        yield b"piece"
    raise ValueError("a fault in the body")


def _events():
    number = 0
    while True:
        number += 1
        yield b"data: %d\n\n" % number
        for _ in range(7):
            yield None


def _quiet():
    yield b": opened\n\n"
    while True:
        yield None


def _silent():
    while True:
        yield None


def _quiet_for_a_while():
    yield b"first"
    for _ in range(400):
        yield b""
    yield b"last"


def _endless():
    piece = b"x" * 1000
    while True:
        yield piece
