"""GET /api/deploy: what is deployed and what waits, with hashes."""

from ..on_demand import on_demand_for_update
from ..web.answers import answer

listing = on_demand_for_update("listing")


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    return answer(listing.listing(server.app.root, server.app.recordings.ilistdir))
