"""GET /api/status and /api/readings."""

from ehttpserver import route

from .answers import answer
from .status import is_logged_in


class ValuesApi:
    """Mix-in of the admin server."""

    @route("/api/(status|readings)", "GET")
    def _get_values(self, path, query_params, headers, body):
        parts = self.parts
        if path == "/api/status":
            return answer(parts.status.all(is_logged_in(parts.login, headers)))
        return answer(parts.readings.json())
