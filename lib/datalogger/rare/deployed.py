"""GET /api/deploy: what is deployed and what waits, with hashes."""

from ..on_demand import on_demand_for_update
from ..web.answers import answer

listing = on_demand_for_update("listing")


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    app = server.app
    drive = app.drive.storage.getmount("/")  # not that of the recordings, which may be a card
    return answer(listing.listing(app.root, drive.ilistdir))
