"""A station in a process of its own, controlled by lines on standard input.

Arguments: kind of socket, folder of files, name of the program (module.function that makes the
Server), JSON of the Server's options, number of parallel connections. Every command is answered by
one line of JSON. Ends at the end of the input.
"""

import json
import sys

import sockets
import supervisor
from station import Station


def main(kind, files, program, options, connections):
    limits = sockets.limits(kind)
    module, function = program.split(".")
    station = Station(
        lambda ledger: sockets.Pool(ledger, limits),
        files,
        getattr(__import__(module), function),
        connections=int(connections),
        **json.loads(options),
    )
    print(json.dumps({"port": station.pool.port}))
    while True:
        line = sys.stdin.readline()
        if not line:
            return
        command = json.loads(line)
        name = command.pop(0)
        answer = None
        if name == "step":
            station.step(command[0])
        elif name == "advance":
            supervisor.advance(command[0])
        elif name == "report":
            answer = station.report()
        elif name == "memory":
            answer = station.memory()
        elif name == "forget":
            station.forget()
        elif name == "let":
            station.let(*command)
        else:
            getattr(station.pool, name)(*command)
        print(json.dumps(answer))


main(*sys.argv[1:])
