"""One server in a process of its own, under CPython or MicroPython. Argument: a file of JSON that tells what to do.

  path        folders for imports, before the interpreter's own
  contender   module with run(pool, port, folder, beside), which alternates one step of the server with one of `beside`
  options     further keyword arguments of run
  beside      module whose begin(spec, report) is the generator that runs beside the server; with `without_server`
              it is all that runs
  port        where to listen on 127.0.0.1
  folder      what the server may read
  seconds     when to end at the latest

Whatever is to be told goes to standard error as a line of JSON after a mark; the server's own output is left alone.
"""

import json
import sys

MARK = "@bench "
_MICROPYTHON = sys.implementation.name == "micropython"


def report(event, **values):
    values["event"] = event
    sys.stderr.write(MARK + json.dumps(values) + "\n")
    if not _MICROPYTHON:
        sys.stderr.flush()


def main():
    with open(sys.argv[1]) as file:
        spec = json.load(file)
    sys.path[:0] = spec["path"]
    import clock  # before MicroPython's modules are replaced

    if _MICROPYTHON:
        import micropython_only  # noqa: F401
    clock.end_after(spec["seconds"])
    if spec.get("without_server"):
        __import__(spec["beside"]).begin(spec, report)
        return
    import pool_in_use

    sockets = __import__("sockets_micropython" if _MICROPYTHON else "sockets_cpython")
    pool = pool_in_use.pool = sockets.SocketPool(spec.get("counting", False))
    run = __import__(spec["contender"]).run
    beside = __import__(spec["beside"]).begin(spec, report)
    try:
        run(pool, spec["port"], spec["folder"], listening(beside), **spec["options"])
    except Exception as error:
        report("raised", error="%s: %s" % (type(error).__name__, error))
        raise


def listening(beside):
    """Tell that the server listens, which it does after its first step; then go on with `beside`."""
    yield
    report("listening")
    for _ in beside:
        yield


main()
