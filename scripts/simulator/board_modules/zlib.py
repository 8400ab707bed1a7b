"""`zlib`: decompression only."""

from core.host import decompress as _decompress


def decompress(data, wbits=0, bufsize=0):
    return _decompress(data, wbits)
