"""Programs as people wrote them for the original ehttpserver, with their habits."""

import json
import os

from ehttpserver import FileResponse, Response, Server, route


class Logger:
    def __init__(self):
        self.lines = []

    def print(self, text):
        self.lines.append(text)


class WebAP(Server):
    """Sets attributes before the constructor, has its own debug(), uses names of the library."""

    def __init__(self, config):
        self._config = config
        self._logger = Logger()
        self._routes = ["not", "the", "library's"]
        self._handlers = 7
        self._state = "mine"
        self._pool = self._poller = self._connections = self._buffer = self._socket = "mine"
        self.name = "a name"
        super().__init__(debug=config["debug"])
        self.debug("starting")
        self._model = {"VALUE": "1"}

    def debug(self, msg):
        if self._debug:
            self._logger.print(msg)

    @route("/", "GET")
    def _handle_main(self, path, query_params, headers, body):
        self.debug("_handle_main...")
        return FileResponse(self._config["www"] + "/index.html")

    @route("/favicon.ico", "GET")
    def _handle_favicon(self, path, query_params, headers, body):
        return Response("", status_code=400)

    @route("/[^.]*\\.(js|css|html)", "GET")
    def _handle_static(self, path, query_params, headers, body):
        if self._config["cache"]:
            headers = {"Cache-Control": "max-age=2592000"}
        else:
            headers = {}
        return FileResponse(f"{self._config['www']}/{path}", headers=headers)

    @route("/get_model", "GET")
    def _handle_get_model(self, path, query_params, headers, body):
        return Response(json.dumps(self._model), content_type="application/json")

    @route("/get_csv_list", "GET")
    def _handle_get_csv_list(self, path, query_params, headers, body):
        return self._handle_get_file_list(path, query_params, headers, body)

    @route("/get_log_list", "GET")
    def _handle_get_file_list(self, path, query_params, headers, body):
        return self._handle_get_file_list(path, query_params, headers, body)

    def _handle_get_file_list(self, path, query_params, headers, body):
        ending = f".{path.split('_')[1]}"
        names = sorted(
            [name for name in os.listdir(self._config["www"]) if name[-4:] == ending], reverse=True
        )
        return Response(json.dumps({"files": names}), content_type="application/json")

    @route("/save_config", "POST")
    def _handle_save_config(self, path, query_params, headers, body):
        for field in body.decode().split("&"):
            key, value = field.split("=")
            if "%" in value or "+" in value:
                value = self.html_decode(value).strip(" ")
            self._model[key] = value
        return Response("configuration saved", content_type="text/plain")

    @route("/set_time", "POST")
    def _handle_set_time(self, path, query_params, headers, body):
        try:
            _, new_time = body.decode().split("=")
            return Response(str(int(new_time)))
        except Exception as error:  # noqa: BLE001 as programs do
            self.debug(f"exception updating time: {error}")
            return Response("could not update time", content_type="text/plain")

    @route("/upload_config", "POST")
    def _handle_upload_config(self, path, query_params, headers, body):
        with open(self._config["www"] + "/config.py", "wb") as file:
            file.write(body)
        return Response("uploaded", content_type="text/plain")

    @route("/[^.]+\\.(csv|log)", "GET")
    def _handle_file_download(self, path, query_params, headers, body):
        response = FileResponse(
            f"{self._config['www']}/{path}",
            content_type="application/octet-stream",
            buffer_size=4096,
        )
        self.debug(f"status {response.status_code}, headers {response.headers}")
        return response

    @route("/[^.]+\\.(csv|log).delete", "GET")
    def _handle_file_delete(self, path, query_params, headers, body):
        try:
            os.remove(f"{self._config['www']}/{path[0:-7]}")
        except OSError:
            return Response(f"delete failed for {path[0:-7]}", status_code=400)
        return Response(f"successfully deleted {path[0:-7]}")

    @route("/names", "GET")
    def _handle_names(self, path, query_params, headers, body):
        own = (self._config["debug"], self._handlers, self._state, self._pool, self._poller)
        own += (self._connections, self._buffer, self._socket, self._routes, self.name)
        return Response(repr(own))

    @route("/user-agent", "GET")
    def _handle_user_agent(self, path, query_params, headers, body):
        return Response(headers["user-agent"])

    @route("/status", "GET")
    def _handle_status(self, path, query_params, headers, body):
        response = Response("fine")
        response.headers["X-Status"] = str(response.status_code)
        return response

    def start_ap(self):
        self._started_ap = True

    def run_server(self, pool, address):
        self.start_ap()
        with pool.socket() as server_socket:
            yield from self.start(server_socket, address, max_parallel_connections=5)

    def run(self):
        raise AssertionError("run() belongs to the program: the library must not call it")

    def serve(self, pool, address):
        """Does what `run` does in real programs; the tests step it."""
        for _ in self.run_server(pool, address):
            yield


def web_ap(ledger, files, **config):
    return WebAP(dict(config, www=files + "www"))
