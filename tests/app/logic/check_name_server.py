"""DNS messages, good and bad."""

from datalogger.wifi.name_server import answer

ADDRESS = bytes((192, 168, 4, 1))
SIZE = 512 + 16


def name(text):
    labels = b""
    for label in text.split("."):
        labels += bytes((len(label),)) + label.encode()
    return labels + b"\0"


def query(question, flags=0x0100, count=1, extra=b"", rest=(0, 0, 0)):
    head = b"\x12\x34" + bytes(
        (flags >> 8, flags & 255, 0, count, 0, rest[0], 0, rest[1], 0, rest[2])
    )
    return head + question + extra


def ask(message):
    buffer = bytearray(SIZE)
    buffer[: len(message)] = message
    length = answer(buffer, len(message), ADDRESS)
    return bytes(buffer[:length])


def rcode(message):
    return message[3] & 15


def test_an_address():
    question = name("connectivitycheck.gstatic.com") + b"\0\x01\0\x01"
    got = ask(query(question))
    assert got[:2] == b"\x12\x34"
    assert got[2:4] == b"\x85\x80"
    assert got[4:12] == b"\0\x01\0\x01\0\0\0\0"
    assert got[12 : 12 + len(question)] == question
    assert got[12 + len(question) :] == b"\xc0\x0c\0\x01\0\x01\0\0\0\x0a\0\x04" + ADDRESS


def test_other_kinds_exist_but_are_empty():
    for kind in (2, 5, 6, 12, 15, 16, 28, 33, 65, 256):
        got = ask(query(name("example.com") + bytes((kind >> 8, kind & 255, 0, 1))))
        assert rcode(got) == 0
        assert got[6:8] == b"\0\0"
        assert len(got) == 12 + len(name("example.com")) + 4


def test_any_kind_and_class():
    assert ask(query(name("a") + b"\0\xff\0\x01"))[7] == 1
    assert ask(query(name("a") + b"\0\x01\0\xff"))[7] == 1
    assert ask(query(name("a") + b"\0\x01\0\x03"))[7] == 0  # class CHAOS


def test_additional_records_are_ignored():
    opt = b"\0\0\x29\x10\0\0\0\0\0\0\0"
    got = ask(query(name("a.b") + b"\0\x01\0\x01", extra=opt, rest=(0, 0, 1)))
    assert rcode(got) == 0 and got[7] == 1 and got[8:12] == b"\0\0\0\0"
    assert got.endswith(ADDRESS)


def test_the_root():
    assert ask(query(b"\0\0\x01\0\x01"))[7] == 1


def test_long_names():
    label = b"\x3f" + b"x" * 63
    longest = label * 3 + b"\x3d" + b"x" * 61 + b"\0"
    assert len(longest) == 255
    assert ask(query(longest + b"\0\x01\0\x01"))[7] == 1
    too_long = label * 3 + b"\x3e" + b"x" * 62 + b"\0"
    assert rcode(ask(query(too_long + b"\0\x01\0\x01"))) == 1


def test_no_answer_to_what_is_no_query():
    for message in (
        b"",
        b"\x12",
        b"\x12\x34\x01\0\0\x01\0\0\0\0\0",
        query(name("a") + b"\0\x01\0\x01", 0x8180),
    ):
        assert ask(message) == b""


def test_malformed_questions():
    for message in (
        query(b""),
        query(name("a")),
        query(name("a") + b"\0\x01\0"),
        query(b"\xc0\x0c\0\x01\0\x01"),
        query(b"\x01a\xc0\x0c\0\x01\0\x01"),
        query(b"\x3fshort\0\0\x01\0\x01"),
        query(b"\x05abc"),
        query(b"\x80\0\0\x01\0\x01"),
        query(name("a") + b"\0\x01\0\x01", count=0),
        query(name("a") + b"\0\x01\0\x01" + name("b") + b"\0\x01\0\x01", count=2),
        query(b"\xff" * 400),
        query(b"\x01" * 400),
    ):
        got = ask(message)
        assert len(got) == 12 and rcode(got) == 1 and got[2] & 0x80 and got[4:12] == b"\0" * 8


def test_other_operations_are_not_implemented():
    for opcode in (1, 2, 4, 5, 15):
        got = ask(query(name("a") + b"\0\x01\0\x01", flags=opcode << 11))
        assert rcode(got) == 4 and len(got) == 12 and got[2] & 0x78 == opcode << 3


def test_any_bytes_do_no_harm():
    seed = 1
    for length in range(0, 512, 3):
        message = bytearray(length)
        for index in range(length):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            message[index] = seed >> 16 & 255
        if length > 12:
            message[2] &= 0x07
            message[4:6] = b"\0\x01"
        assert len(ask(bytes(message))) <= SIZE
