"""A TCP relay to a board that can cut connections, as bad radio reception does."""

import socket
import threading


class CuttingProxy:
    """Relays 127.0.0.1:`port` to another port. After `cut_after` bytes to the board a connection is
    reset; that happens `cuts` times."""

    def __init__(self, target_port: int, cut_after: int, cuts: int):
        self._target_port = target_port
        self._cut_after = cut_after
        self._cuts = cuts
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = []
        self._relays = []
        self.port = self._listener.getsockname()[1]
        self.cuts_made = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        """End all connections."""
        _shut_down(self._listener)
        self._thread.join()
        for one in self._open:
            _shut_down(one)
        for relay in self._relays:
            relay.join()
        for one in (self._listener, *self._open):
            one.close()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
                board = socket.create_connection(("127.0.0.1", self._target_port))
            except OSError:
                return
            self._open += [client, board]
            self._relay(self._to_board, client, board)
            self._relay(self._to_client, board, client)

    def _relay(self, target, *connections):
        relay = threading.Thread(target=target, args=connections, daemon=True)
        self._relays.append(relay)
        relay.start()

    def _to_board(self, client, board):
        count = 0
        while piece := _received(client):
            count += len(piece)
            if count > self._cut_after and self._may_cut() or not _sent(board, piece):
                break
        for one in (client, board):
            # Closing at once with SO_LINGER 0 sends a reset.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            one.close()

    def _to_client(self, board, client):
        while (piece := _received(board)) and _sent(client, piece):
            pass

    def _may_cut(self):
        with self._lock:
            if self.cuts_made >= self._cuts:
                return False
            self.cuts_made += 1
            return True


def _shut_down(one):
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def _sent(connection, piece):
    try:
        connection.sendall(piece)
    except OSError:
        return False
    return True


def _received(connection):
    try:
        return connection.recv(4096)
    except OSError:
        return b""
