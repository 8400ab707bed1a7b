"""The captive portal: the name server, asked by dig and by broken clients, and the probes."""

import random
import socket
import struct
import subprocess

import programs
import pytest

from .client import Client, wait_until

PROBES = [
    ("connectivitycheck.gstatic.com", "/generate_204"),  # Android
    ("clients3.google.com", "/gen_204"),
    ("captive.apple.com", "/hotspot-detect.html"),
    ("www.apple.com", "/library/test/success.html"),
    ("www.msftconnecttest.com", "/connecttest.txt"),  # Windows
    ("www.msftncsi.com", "/ncsi.txt"),
    ("www.msftconnecttest.com", "/redirect"),
    ("detectportal.firefox.com", "/canonical.html"),
    ("detectportal.firefox.com", "/success.txt?ipv4"),
    ("nmcheck.gnome.org", "/check_network_status.txt"),
    ("anything.example", "/some/page?x=1"),
]


@pytest.fixture(scope="module")
def dig():
    dig = programs.need("dig", "bind9-dnsutils")

    def run(board, *arguments):
        command = [
            dig,
            "@127.0.0.1",
            "-p",
            str(board.dns_port),
            "+tries=2",
            "+time=5",
            *arguments,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout

    return run


@pytest.fixture
def board(boards, vm):
    board = boards(vm=vm)
    wait_until(lambda: board.dns_port)
    return board


def test_dig_gets_the_boards_address(board, dig):
    for name in ("connectivitycheck.gstatic.com", "a.example", "x" * 63 + ".example"):
        code, text = dig(board, name, "A")
        assert code == 0
        assert "status: NOERROR" in text
        assert "127.0.0.1" in text.partition("ANSWER SECTION")[2].partition(";;")[0]
        assert "WARNING" not in text


def test_dig_gets_nothing_of_other_kinds(board, dig):
    for kind in ("AAAA", "MX", "TXT", "NS", "SOA", "PTR", "SRV", "HTTPS", "CAA"):
        code, text = dig(board, "example.com", kind)
        assert code == 0
        assert "status: NOERROR" in text
        assert "ANSWER: 0" in text


def test_dig_with_options(board, dig):
    for options in (["+noedns"], ["+dnssec"], ["+cookie"], ["+norecurse"], ["+bufsize=4096"]):
        code, text = dig(board, "example.com", "A", *options)
        assert code == 0 and "127.0.0.1" in text, options
    assert "status: NOTIMP" in dig(board, "example.com", "A", "+opcode=status")[1]


def test_nobody_listens_by_tcp(board, dig):
    assert dig(board, "example.com", "A", "+tcp")[0] != 0
    assert "127.0.0.1" in dig(board, "example.com", "A")[1]


def ask(board, message, timeout=0.3):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(timeout)
        link.sendto(message, ("127.0.0.1", board.dns_port))
        try:
            return link.recv(2048)
        except TimeoutError:
            return None


def good_query(number=7):
    return struct.pack(">6H", number, 0x0100, 1, 0, 0, 0) + b"\x03www\x04test\0\0\x01\0\x01"


def test_broken_messages_do_no_harm(board):
    question = good_query()[12:]
    pointer_loop = struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + b"\xc0\x0c\0\x01\0\x01"
    for message in (
        b"",
        b"\0",
        good_query()[:11],
        good_query()[:12],
        good_query()[:-1],
        pointer_loop,
        struct.pack(">6H", 1, 0x0100, 0, 0, 0, 0),
        struct.pack(">6H", 1, 0x0100, 2, 0, 0, 0) + question * 2,
        struct.pack(">6H", 1, 0x8180, 1, 0, 0, 0) + question,
        good_query() + b"\xff" * 1400,
    ):
        ask(board, message, 0.1)
    chance = random.Random(1)
    for _ in range(300):
        ask_without_waiting(board, chance.randbytes(chance.randrange(0, 600)))
    # An answer to an earlier message may come first if its port is used again
    wait_until(lambda: (ask(board, good_query(), 2) or b"").endswith(b"\x7f\0\0\x01"))
    assert Client(board).status()["errors"] == 0
    assert "Name server stopped" not in board.output()


def ask_without_waiting(board, message):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.sendto(message, ("127.0.0.1", board.dns_port))


def test_no_amplification(board):
    """An answer is at most one record longer than its question."""
    reply = wait_until(lambda: ask(board, good_query(), 2))
    assert len(reply) <= len(good_query()) + 16


def test_no_answer_to_an_answer(board):
    """Two name servers must not be made to talk to each other forever."""
    reply = wait_until(lambda: ask(board, good_query(), 2))
    assert ask(board, reply) is None


def test_probes_lead_to_the_pages(board):
    port = board.ports["tcp:80"]
    for host, path in PROBES:
        answer = Client(board, Host=host)("GET", path)
        assert answer.status == 302
        assert answer.headers["Location"] == "http://127.0.0.1/"
        assert answer.headers["Cache-Control"] == "no-store"
        answer = Client(board, Host=f"{host}:{port}")("GET", path)
        assert answer.headers["Location"] == f"http://127.0.0.1:{port}/"


def test_no_name_server_in_a_joined_network(boards):
    board = boards(
        settings={"WIFI_MODE": "station", "STATION_SSID": "home", "STATION_PASSWORD": "homehome"},
        networks={"home": "homehome"},
    )
    assert Client(board).status()["wifi"]["mode"] == "station"
    assert not board.ports["udp:53"]
