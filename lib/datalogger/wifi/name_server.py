"""The captive portal's name server: every name means the board, so that phones open its page.

DHCP names the board as the only name server of its network, so a phone that looks up its maker's
test page gets the board's address. DNS messages: RFC 1035, section 4.1.
"""

from select import POLLIN, poll

from micropython import const

_MAX_MESSAGE = const(272)  # bytes of a query: 12, one name of 255 at most, and 4; 1 to spare
_FORMAT_ERROR = const(1)
_NOT_IMPLEMENTED = const(4)
_SECONDS_TO_LIVE = const(10)


def answer(buffer, length, address):
    """Turn the query of `length` bytes in `buffer` (a bytearray of at least length + 16 bytes)
    into its answer. address: four bytes. Returns the answer's length, 0 for no answer."""
    if length < 12 or buffer[2] & 0x80:  # too short for a header; or itself an answer
        return 0
    opcode = buffer[2] & 0x78
    questions = buffer[4] << 8 | buffer[5]
    end = 0 if opcode or questions != 1 else _end_of_question(buffer, length)
    code = 0 if end else _NOT_IMPLEMENTED if opcode else _FORMAT_ERROR
    answers = 0
    if end:
        kind = buffer[end - 4] << 8 | buffer[end - 3]
        # A (1) or ANY (255) in class IN (1) or ANY (255). AAAA and all else: the name exists, but
        # has nothing of that kind.
        if kind in (1, 255) and buffer[end - 2] == 0 and buffer[end - 1] in (1, 255):
            answers = 1
    buffer[2] = 0x84 | opcode | buffer[2] & 1  # an answer, with authority; recursion as desired
    buffer[3] = 0x80 | code  # recursion available: some phones insist
    buffer[4] = 0
    buffer[5] = 1 if end else 0
    buffer[6] = 0
    buffer[7] = answers
    for index in range(8, 12):
        buffer[index] = 0
    end = end or 12
    if answers:
        # the name of the question (a pointer to byte 12), A, IN, time to live, four bytes
        head = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00" + bytes((_SECONDS_TO_LIVE, 0, 4))
        buffer[end : end + 12] = head
        buffer[end + 12 : end + 16] = address
        end += 16
    return end


def _end_of_question(buffer, length):
    """Where the only question ends, 0 when it is malformed."""
    at = 12
    while at < length and buffer[at]:
        if buffer[at] > 63:  # a pointer has no place in the only name of a message
            return 0
        at += buffer[at] + 1
    if at - 12 > 254 or at + 5 > length:  # a name has at most 255 bytes with its end
        return 0
    return at + 5


class NameServer:
    """Answers on UDP port 53 while the board's own network is up."""

    def __init__(self, log, network, pool, port=53):
        """network: the AccessPoint or Station; pool: a socketpool.SocketPool."""
        self._log = log
        self._network = network
        self._pool = pool
        self._port = port

    def run(self):
        """The task that answers (a generator)."""
        while not self._network.access_point_address():
            yield
        address = bytes([int(byte) for byte in self._network.access_point_address().split(".")])
        pool = self._pool
        buffer = bytearray(_MAX_MESSAGE + 16)
        view = memoryview(buffer)[:_MAX_MESSAGE]
        socket = pool.socket(pool.AF_INET, pool.SOCK_DGRAM)
        try:
            socket.setblocking(False)
            socket.bind(("0.0.0.0", self._port))
            waiting = poll()
            waiting.register(socket, POLLIN)
            while True:
                for _ in waiting.ipoll(0):
                    self._serve(socket, buffer, view, address)
                yield
        finally:
            socket.close()

    def _serve(self, socket, buffer, view, address):
        try:
            count, peer = socket.recvfrom_into(view)
            count = answer(buffer, count, address)
            if count:
                socket.sendto(memoryview(buffer)[:count], peer)
        except OSError as error:  # the client is gone, or it will ask again
            self._log.debug("name server: %s" % error)
