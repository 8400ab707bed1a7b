"""`ipaddress`: IPv4 only."""


def ip_address(obj):
    return IPv4Address(obj)


class IPv4Address:
    def __init__(self, address):
        if isinstance(address, str):
            fields = address.split(".")
            if len(fields) != 4 or not all(field.isdigit() for field in fields):
                raise ValueError("Not a valid IP string")
            numbers = [int(field) for field in fields]
            if max(numbers) > 255:
                raise ValueError("Not a valid IP string")
            self._packed = bytes(numbers)
        elif isinstance(address, int):
            self._packed = address.to_bytes(4, "big")
        else:
            if len(address) != 4:
                raise ValueError("Address must be 4 bytes long")
            self._packed = bytes(address)

    @property
    def packed(self):
        return self._packed

    @property
    def version(self):
        return 4

    def __eq__(self, other):
        return isinstance(other, IPv4Address) and self._packed == other._packed

    def __hash__(self):
        return hash(self._packed)

    def __str__(self):
        return "%d.%d.%d.%d" % tuple(self._packed)

    __repr__ = __str__
