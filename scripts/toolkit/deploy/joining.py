"""How to reach the board after a deployment: the address, and the QR code that joins its Wi-Fi."""

import io
import sys

import segno.helpers
from rich.panel import Panel
from rich.text import Text

from ..plain_text import plain
from ..terminal import console
from .board_settings import BoardSettings

ACCESS_POINT_ADDRESS = "http://192.168.4.1"
DEFAULT_NAME = "datalogger"


def address(settings: BoardSettings) -> str:
    """Return the address of the board's page at these settings."""
    if settings.values.get("WIFI_MODE") == "station":
        return f"http://{plain(settings.values.get('DEVICE_NAME', DEFAULT_NAME))}.local"
    return ACCESS_POINT_ADDRESS


def show_passwords(settings: BoardSettings) -> None:
    """Print the passwords, and the QR code of the board's network. They are shown this once."""
    joins = settings.values.get("WIFI_MODE") == "station"
    network = "Wi-Fi if it can't join" if joins else "Wi-Fi of the board"
    rows = (
        (network, _shown(settings, "AP_SSID")),
        ("Wi-Fi password", _shown(settings, "AP_PASSWORD")),
        ("Admin password", _shown(settings, "ADMIN_PASSWORD")),
        ("Address", address(settings)),
    )
    lines = Text("\n").join(Text(f"{name:<24}").append(value, "bold") for name, value in rows)
    console.print(Panel(lines, title="Write these down: they are shown only now", expand=False))
    if not joins and not {"AP_SSID", "AP_PASSWORD"} & settings.refused:
        code = qr_code(str(settings.values["AP_SSID"]), str(settings.values["AP_PASSWORD"]))
        if _can_show(code):
            console.print(Text(code, style="bright_white on black"), soft_wrap=True)
            console.print(f"Scan it to join the Wi-Fi, then open {address(settings)}")


def _shown(settings: BoardSettings, key: str) -> str:
    if key in settings.refused:
        return "refused by the board, see above"
    return plain(settings.values.get(key, ""))


def qr_code(ssid: str, password: str) -> str:
    """Return the QR code that makes a phone join a Wi-Fi, as text for a terminal."""
    out = io.StringIO()
    code = segno.helpers.make_wifi(ssid=ssid, password=password, security="WPA")
    code.terminal(out, compact=True)
    return out.getvalue()


def _can_show(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
