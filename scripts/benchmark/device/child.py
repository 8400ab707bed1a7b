"""One server in a MicroPython of its own. Argument: a file of JSON that tells what to do.

  path        folders for imports, before the interpreter's own
  contender   module with run(spec, pool, beside), which alternates one step of the server with one of `beside`
  beside      module whose begin(spec, report) is the generator that runs beside the server; with `without_server`
              it is a function, and all that runs
  port        where to listen on 127.0.0.1
  folder      what the server may read
  seconds     when to end at the latest

Whatever is to be told goes to standard error as a line of JSON after a mark; the server's own output is left alone.
"""

import json
import sys
import time


def report(event, **values):
    values["event"] = event
    sys.stderr.write("@bench " + json.dumps(values) + "\n")


def main():
    with open(sys.argv[1]) as file:
        spec = json.load(file)
    spec["end_ms"] = time.ticks_ms() + spec["seconds"] * 1000
    sys.path[:0] = spec["path"]
    import circuitpython_names  # noqa: F401 - first, as it replaces modules

    beside = __import__(spec["beside"]).begin(spec, report)
    if spec.get("without_server"):
        return
    pool = __import__("sockets").SocketPool()
    try:
        __import__(spec["contender"]).run(spec, pool, listening(beside))
    except Exception as error:
        report("raised", error="%s: %s" % (type(error).__name__, error))
        raise


def listening(beside):
    """Tell that the server listens, which it does after its first step; then go on with `beside`."""
    yield
    report("listening")
    yield from beside


main()
