"""GET /api/status and /api/readings."""

from ehttpserver import route

from ..on_demand import on_demand
from .answers import answer


class Values:
    """Mix-in of the admin server."""

    @route("/api/(status|readings)", "GET")
    def _get_values(self, path, query_params, headers, body):
        app = self.app
        if path == "/api/status":
            logged_in = app.login.is_logged_in(headers)
            return answer(on_demand("status").texts(app, logged_in))
        return answer(app.readings.texts())
