"""The network limits of a Pico W under CircuitPython, and the errno of what isn't there yet."""

import errno

MOST_SOCKETS = 8  # the listening one included
SEGMENT = 1460  # bytes of one TCP segment
SEND_BUFFER = 8 * SEGMENT
EAGAIN = errno.EAGAIN
ETIMEDOUT = errno.ETIMEDOUT
