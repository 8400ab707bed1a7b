"""A server that stores uploads, small enough for a heap of 64 KB. Arguments: folder for the file.

Prints its port; runs until GET /stop, whose answer is the most memory that was in use.
"""

import gc
import sys

from ehttpserver import Response, Server, route
from ledger import Ledger
from sockets import Pool, limits


class Store(Server):
    stopped = False
    most = 0

    @route("/data/(.+)", "PUT", max_streamed_bytes=400000)
    def _store(self, path, query_params, headers, body):
        size = 0
        with open(sys.argv[1] + path[5:], "wb") as file:
            while True:
                piece = yield
                if not piece:
                    break
                file.write(piece)
                size += len(piece)
                self.most = max(self.most, gc.mem_alloc())
        return Response(str(size), 201)

    @route("/stop", "GET")
    def _stop(self, path, query_params, headers, body):
        self.stopped = True
        return Response(str(self.most), headers={"Connection": "close"})


ledger = Ledger()
pool = Pool(ledger, limits("limited"))
store = Store(max_request_line_size=1024)
for _ in store.start(pool.socket(), listen_on=("127.0.0.1", 0), max_parallel_connections=3):
    ledger.begin_step()
    if ledger.steps == 1:
        print(pool.port)
    if store.stopped and not ledger.connections:
        break
