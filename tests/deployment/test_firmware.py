"""What boot_out.txt and the status say about a board; which boards are refused."""

import re

import pytest
from deployment.limited_drive import BOOT_OUT
from toolkit.deploy import firmware
from toolkit.errors import ToolkitError


def test_a_pico_w_is_read():
    board = firmware.parse(BOOT_OUT)
    assert board == firmware.Board(
        name="Raspberry Pi Pico W with rp2040",
        id="raspberry_pi_pico_w",
        uid="E6614103E7452D2F",
        version=(10, 3),
        version_text="10.3.1",
    )
    assert firmware.check(board) == []


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("10.0.0", (10, 0)),
        ("10.0.0-beta.2", (10, 0)),
        ("10.2.1-14-g1f4a1b2c3d-dirty", (10, 2)),
        ("20.1.0", (20, 1)),
    ],
)
def test_versions_from_10_0_are_accepted(written, version):
    board = firmware.parse(BOOT_OUT.replace("10.3.1", written))
    assert (board.version, board.version_text) == (version, written)
    assert firmware.check(board) == []


@pytest.mark.parametrize("written", ["9.2.8", "8.2.10", "9.0.0-rc.1"])
def test_older_versions_are_refused_with_the_address_of_the_new(written):
    message = (
        f"The board runs CircuitPython {written}; 10.0 or later is needed. "
        "Get it at https://circuitpython.org/board/raspberry_pi_pico_w/"
    )
    with pytest.raises(ToolkitError, match=re.escape(message)):
        firmware.check(firmware.parse(BOOT_OUT.replace("10.3.1", written)))


def test_the_status_says_the_same():
    said = {
        "name": "Raspberry Pi Pico W with rp2040",
        "id": "raspberry_pi_pico_w",
        "uid": "E6614103E7452D2F",
        "firmware": "CircuitPython 10.3.1",
    }
    assert firmware.of_status({"board": said}) == firmware.parse(BOOT_OUT)


@pytest.mark.parametrize("status", [{}, {"board": {}}, {"board": {"firmware": "MicroPython 1.27"}}])
def test_a_status_without_a_version_is_refused(status):
    with pytest.raises(ToolkitError, match="doesn't say which CircuitPython it runs"):
        firmware.of_status(status)


def test_a_pico_without_wifi_is_refused():
    text = BOOT_OUT.replace("Pico W", "Pico").replace("pico_w", "pico")
    with pytest.raises(ToolkitError, match="wrong board: Raspberry Pi Pico with rp2040.*no Wi-Fi"):
        firmware.check(firmware.parse(text))


def test_an_unknown_board_is_warned_of():
    text = BOOT_OUT.replace("raspberry_pi_pico_w", "adafruit_feather_esp32s3_4mbflash_2mbpsram")
    (warning,) = firmware.check(firmware.parse(text))
    assert "unknown here (adafruit_feather_esp32s3_4mbflash_2mbpsram)" in warning


@pytest.mark.parametrize("text", ["", "hello", "MicroPython v1.24.0 on 2024-10-25; Raspberry Pi"])
def test_what_is_not_circuitpythons_is_refused(text):
    with pytest.raises(ToolkitError, match="doesn't name a CircuitPython version"):
        firmware.parse(text)


def test_a_missing_id_is_no_error():
    board = firmware.parse(BOOT_OUT.splitlines()[0])
    assert (board.id, board.uid) == ("", "")
    assert len(firmware.check(board)) == 1
