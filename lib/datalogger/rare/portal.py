"""What clients get that look for another name, or come from another page: the captive portal, and
refusals."""

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


def check_origin(origin, host, network):
    """None for a page of this board that came by TLS, which a proxy speaks for it, else the
    Response that refuses the request. The proxy may name the board in its own way.

    origin, host: headers of the request; network: the AccessPoint or Station."""
    name = origin[len("https://") :]
    if origin == "https://" + name and (name == host or network.is_own_name(name)):
        return None
    return refusal(403, "Requests from pages of other sites are refused.")
