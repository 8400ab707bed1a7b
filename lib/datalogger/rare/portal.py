"""What clients get that look for another name: the captive portal."""

from ehttpserver import Response

from ..web.answers import refusal


def refuse(is_call, network, port):
    """The answer to a request for another host. is_call: whether a program sent it, which would
    not know what to do on the page; network: the AccessPoint or Station; port: of the board, as
    text with its colon, or empty."""
    if is_call:
        return refusal(403, "This board has another name.")
    url = "http://%s%s/" % (network.address() or "192.168.4.1", port)
    return Response("", 302, headers={"Location": url, "Cache-Control": "no-store"})
