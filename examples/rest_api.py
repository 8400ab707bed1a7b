"""A JSON API: routes by regular expressions, and uploads that may be larger than the memory.

    curl http://ADDRESS/led                                     {"on": false}
    curl -X PUT -d '{"on": true}' http://ADDRESS/led            {"on": true}
    curl -T photo.jpg http://ADDRESS/files/photo.jpg            {"name": "photo.jpg", "size": 81234}
    curl http://ADDRESS/files                                   [{"name": ...}]
    curl -X DELETE http://ADDRESS/files/photo.jpg

Files land in /files on the drive, which the board can write only while no computer has it: power
the board by a charger, or eject the drive. Everybody in the network may do all this; a login would
go into handle_request().

Needs ehttpserver and adafruit_ticks in lib/. Joins the network of settings.toml
(CIRCUITPY_WIFI_SSID, CIRCUITPY_WIFI_PASSWORD); without one it makes its own: AP_SSID and
AP_PASSWORD of settings.toml, or "ehttpserver" for both.
"""

import json
import os
import time
from errno import ENOENT

import board
import digitalio
import microcontroller
import socketpool
import storage
import supervisor
import wifi
from ehttpserver import FileResponse, Response, Server, route

FOLDER = "/files"
UNFINISHED = "upload-"  # begins the names of files that are not whole yet
LARGEST_UPLOAD = 200000  # bytes


def answer(value, status_code=200):
    return Response(json.dumps(value), status_code, "application/json")


class ApiServer(Server):
    def __init__(self, led):
        super().__init__(max_request_line_size=1024, max_body_bytes=1024)
        self.led = led
        self.uploads = 0

    @route("/led", "GET")
    def _get_led(self, path, query_params, headers, body):
        return answer({"on": self.led.value})

    @route("/led", "PUT")
    def _put_led(self, path, query_params, headers, body):
        try:
            self.led.value = json.loads(bytes(body))["on"]
        except (ValueError, KeyError, TypeError):
            return answer({"error": 'The body is not like {"on": true}.'}, 400)
        return answer({"on": self.led.value})

    @route("/files", "GET")
    def _list(self, path, query_params, headers, body):
        names = [name for name in files() if not name.startswith(UNFINISHED)]
        sizes = [os.stat(FOLDER + "/" + name)[6] for name in names]
        return answer([{"name": name, "size": size} for name, size in zip(names, sizes)])

    @route("/files/[A-Za-z0-9_-]+[.][A-Za-z0-9]+", "GET")
    def _get_file(self, path, query_params, headers, body):
        return FileResponse(path)

    # The body comes in pieces: the handler is a generator, and each `yield` gives it the next.
    @route("/files/[A-Za-z0-9_-]+[.][A-Za-z0-9]+", "PUT", max_streamed_bytes=LARGEST_UPLOAD)
    def _put_file(self, path, query_params, headers, body):
        self.uploads += 1
        unfinished = "%s/%s%d" % (FOLDER, UNFINISHED, self.uploads)
        size = 0
        try:
            with open(unfinished, "wb") as file:
                while True:
                    piece = yield
                    if not piece:
                        break
                    size += file.write(piece)
            remove(path)
            os.rename(unfinished, path)
        except OSError as error:
            return problem(error)
        finally:  # also when the client vanishes half-way
            remove(unfinished)
        return answer({"name": path[len("/files/") :], "size": size}, 201)

    @route("/files/[A-Za-z0-9_-]+[.][A-Za-z0-9]+", "DELETE")
    def _delete_file(self, path, query_params, headers, body):
        try:
            os.remove(path)
        except OSError as error:
            if error.errno == ENOENT:
                return answer({"error": "There is no such file."}, 404)
            return problem(error)
        return Response(b"", 204)


def problem(error):
    return answer({"error": "The drive can't be written (error %d)." % error.errno}, 409)


def files():
    """Return the names of all files, none without the folder."""
    return os.listdir(FOLDER) if FOLDER[1:] in os.listdir("/") else []


def remove(path):
    """Remove a file if it is there."""
    try:
        os.remove(path)
    except OSError:
        pass


def take_drive():
    """Make the drive writable, unless a computer has it, and the folder ready."""
    time.sleep(3)  # a computer, if there is one, has found the drive by now
    try:
        storage.remount("/", readonly=False)
    except RuntimeError as error:
        print("Nothing can be uploaded:", error)
        return
    if FOLDER[1:] not in os.listdir("/"):
        os.mkdir(FOLDER)
    for name in files():
        if name.startswith(UNFINISHED):  # from before a power cut
            os.remove(FOLDER + "/" + name)


take_drive()
if not wifi.radio.connected:
    if supervisor.runtime.run_reason != supervisor.RunReason.STARTUP:
        microcontroller.reset()  # the radio makes a network once only after each reset
    wifi.radio.start_ap(
        os.getenv("AP_SSID", "ehttpserver"), os.getenv("AP_PASSWORD", "ehttpserver")
    )
print("Open http://%s/led" % (wifi.radio.ipv4_address or wifi.radio.ipv4_address_ap))

led = digitalio.DigitalInOut(board.LED)
led.direction = digitalio.Direction.OUTPUT
pool = socketpool.SocketPool(wifi.radio)
with pool.socket() as listener:
    listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
    for _ in ApiServer(led).start(listener):
        pass
