"""What the board serves."""

from .events import Events
from .pages import Pages
from .rare_requests import RareRequests
from .server import BaseServer
from .values import Values


class AdminServer(Values, Events, RareRequests, Pages, BaseServer):
    """The admin server; a mix-in that is left out costs nothing. Pages come last: their route
    matches every path."""
