"""What the board serves."""

from .live import Live
from .pages import Pages
from .rare_requests import RareRequests
from .server import BaseServer


class AdminServer(Live, RareRequests, Pages, BaseServer):
    """The admin server; a mix-in that is left out costs nothing. Pages come last: their route
    matches every path."""
