"""biplane, used as its README does. It serves no files; a handler can only return one whole."""

import biplane
import work
from biplane import Response


def run(pool, port, folder, beside):
    server = biplane.Server()

    @server.route(work.JSON_PATH, "GET")
    def _json(query_parameters, headers, body):
        return Response(work.JSON_BODY, content_type=work.TYPE_JSON, headers={})

    @server.route(work.FILE_PATH, "GET")
    def _file(query_parameters, headers, body):
        with open(folder + "/" + work.FILE_NAME, "rb") as file:
            return Response(file.read(), content_type=work.TYPE_FILE, headers={})

    @server.route(work.POST_PATH, "POST")
    def _post(query_parameters, headers, body):
        work.Calls.count += 1
        return Response(work.post_body(len(body)), content_type=work.TYPE_JSON, headers={})

    @server.route(work.RAISE_PATH, "GET")
    def _raise(query_parameters, headers, body):
        raise ValueError("as asked")

    @server.route(work.CALLS_PATH, "GET")
    def _calls(query_parameters, headers, body):
        return Response(str(work.Calls.count), headers={})

    steps = server.start(
        pool.socket(), listen_on=("127.0.0.1", port), max_parallel_connections=work.PLACES
    )
    for _ in zip(steps, beside):
        pass
