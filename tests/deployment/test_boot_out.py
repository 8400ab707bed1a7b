"""What boot_out.txt says about a board, and which boards are refused."""

import pytest
from deployment.limited_drive import BOOT_OUT
from toolkit.deploy import boot_out
from toolkit.errors import ToolkitError


def test_a_pico_w_is_read():
    board = boot_out.parse(BOOT_OUT)
    assert board == boot_out.Board(
        name="Raspberry Pi Pico W with rp2040",
        id="raspberry_pi_pico_w",
        uid="E6614103E7452D2F",
        version=(10, 3),
        version_text="10.3.1",
    )
    assert boot_out.check(board) == []


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("9.2.0", (9, 2)),
        ("9.2.8", (9, 2)),
        ("10.0.0-beta.2", (10, 0)),
        ("9.2.1-14-g1f4a1b2c3d-dirty", (9, 2)),
        ("20.1.0", (20, 1)),
    ],
)
def test_versions_from_9_2_are_accepted(written, version):
    board = boot_out.parse(BOOT_OUT.replace("10.3.1", written))
    assert (board.version, board.version_text) == (version, written)
    assert boot_out.check(board) == []


@pytest.mark.parametrize("written", ["9.1.4", "8.2.10", "9.0.0-rc.1"])
def test_older_versions_are_refused(written):
    with pytest.raises(ToolkitError, match=f"runs CircuitPython {written}; 9.2 or later is needed"):
        boot_out.check(boot_out.parse(BOOT_OUT.replace("10.3.1", written)))


def test_a_pico_without_wifi_is_refused():
    text = BOOT_OUT.replace("Pico W", "Pico").replace("pico_w", "pico")
    with pytest.raises(ToolkitError, match="wrong board: Raspberry Pi Pico with rp2040.*no Wi-Fi"):
        boot_out.check(boot_out.parse(text))


def test_an_unknown_board_is_warned_of():
    text = BOOT_OUT.replace("raspberry_pi_pico_w", "adafruit_feather_esp32s3_4mbflash_2mbpsram")
    (warning,) = boot_out.check(boot_out.parse(text))
    assert "unknown here (adafruit_feather_esp32s3_4mbflash_2mbpsram)" in warning


@pytest.mark.parametrize("text", ["", "hello", "MicroPython v1.24.0 on 2024-10-25; Raspberry Pi"])
def test_what_is_not_circuitpythons_is_refused(text):
    with pytest.raises(ToolkitError, match="doesn't name a CircuitPython version"):
        boot_out.parse(text)


def test_a_missing_id_is_no_error():
    board = boot_out.parse(BOOT_OUT.splitlines()[0])
    assert (board.id, board.uid) == ("", "")
    assert len(boot_out.check(board)) == 1
