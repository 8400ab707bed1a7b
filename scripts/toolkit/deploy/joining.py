"""How to reach the board after a deployment: the address, and the QR code that joins its Wi-Fi."""

import io
import sys

import segno.helpers
from rich.panel import Panel
from rich.text import Text

from .. import settings_toml
from ..terminal import console

ACCESS_POINT_ADDRESS = "http://192.168.4.1"
DEFAULT_NAME = "datalogger"


def address(settings: str) -> str:
    """Return the address of the board's page at these settings (the text of settings.toml)."""
    values = settings_toml.values(settings)
    if values.get("WIFI_MODE") == "station":
        return f"http://{values.get('DEVICE_NAME', DEFAULT_NAME)}.local"
    return ACCESS_POINT_ADDRESS


def show_passwords(settings: str) -> None:
    """Print the passwords, and the QR code where the board has a network of its own. They are shown this once."""
    values = settings_toml.values(settings)
    lines = Text()
    if values.get("WIFI_MODE") != "station":
        lines.append("Wi-Fi of the board   ").append(f"{values.get('AP_SSID')}\n", "bold")
        lines.append("Wi-Fi password       ").append(f"{values.get('AP_PASSWORD')}\n", "bold")
    lines.append("Admin password       ").append(f"{values.get('ADMIN_PASSWORD')}\n", "bold")
    lines.append("Address              ").append(address(settings), "bold")
    console.print(Panel(lines, title="Write these down: they are shown only now", expand=False))
    if values.get("WIFI_MODE") != "station":
        code = qr_code(str(values.get("AP_SSID")), str(values.get("AP_PASSWORD")))
        if _can_show(code):
            console.print(Text(code, style="bright_white on black"), soft_wrap=True)
            console.print(f"Scan it to join the Wi-Fi, then open {address(settings)}")


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
