"""GET /api/status and /api/readings."""

from ehttpserver import route

from .answers import answer
from .login import TooManyFailures


class Values:
    """Mix-in of the admin server."""

    @route("/api/(status|readings)", "GET")
    def _get_values(self, path, query_params, headers, body):
        app = self.app
        if path == "/api/status":
            return answer(app.status.all(_is_logged_in(app.login, headers)))
        return answer(app.readings.json())


def _is_logged_in(login, headers):
    """Like Login.is_logged_in, False while passwords are not looked at."""
    try:
        return login.is_logged_in(headers)
    except TooManyFailures:
        return False
