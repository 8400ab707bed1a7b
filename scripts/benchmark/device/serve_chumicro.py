"""chumicro-http-server over the benchmark's sockets, as its documentation allows ("bring your own transport")."""

import work
from chumicro_http_server import HttpServer, build_response
from chumicro_http_server.streaming import SOURCE_EOF, build_streaming_response
from chumicro_timing import ticks_ms


def run(spec, pool, beside):
    server = HttpServer(
        transport_factory=lambda: pool.listener(spec["port"], work.PLACES),
        max_connections=work.PLACES,
    )

    def answer(text):
        return build_response(200, body=text, headers={"Content-Type": work.TYPE_JSON})

    @server.route(work.JSON_PATH)
    def _json(request):
        return answer(work.JSON_BODY)

    @server.route(work.FILE_PATH)
    def _file(request):
        file = open(spec["folder"] + "/" + work.FILE_NAME, "rb")  # noqa: SIM115 - closed at its end

        def source(buffer):
            count = file.readinto(buffer)
            if not count:
                file.close()
                return SOURCE_EOF
            return count

        headers = {"Content-Type": work.TYPE_FILE}
        return build_streaming_response(
            200, source=source, content_length=work.FILE_SIZE, headers=headers
        )

    @server.route(work.POST_PATH, methods=["POST"])
    def _post(request):
        return answer(work.posted(request.body))

    for _ in beside:
        now = ticks_ms()
        if server.check(now):
            server.handle(now)
