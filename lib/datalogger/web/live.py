"""GET /api/events: server-sent events."""

from ehttpserver import route
from micropython import const

from ..on_demand import on_demand
from .answers import answer, refusal

_MAX_STREAMS = const(2)  # of the eight sockets that the board has in all


class Live:
    """Mix-in of the admin server: the stream of live values."""

    @route("/api/events", "GET")
    def _get_events(self, path, query_params, headers, body):
        if "text/event-stream" not in headers.get("accept", "text/event-stream"):
            # An image on a page of another site would hold one of the two places. Every browser
            # says what it accepts; who doesn't, accepts anything (RFC 9110, section 12.5.1)
            return refusal(406, "Only text/event-stream is sent here.")
        streams = self.app.streams
        if len(streams) >= _MAX_STREAMS:
            return refusal(503, "Two pages get live values already.", headers={"Retry-After": "30"})
        # Its code is loaded once for both, and kept as long as one of them is open
        kind = type(streams[0]) if streams else on_demand("event_stream").EventStream
        stream = kind(self.app, headers)
        streams.append(stream)
        # Proxies such as nginx hold events back otherwise
        fields = {"X-Accel-Buffering": "no"}
        return answer(stream, content_type="text/event-stream", headers=fields)
