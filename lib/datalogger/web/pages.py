"""The pages: the files in /www, and nothing else."""

from ehttpserver import FileResponse, Response, route

from .answers import harden, refusal

# Everything comes from this board, but for the tab's icon: it is inline and spares a request. uPlot
# sets styles through the CSSOM, which style-src allows. Nobody may frame the pages.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_NOT_FOUND = (
    "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>"
    "<title>Not found</title><h1>There is nothing here</h1><p><a href=/>To the dashboard</a>"
)
_ALLOWED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"
_HOLD = "public, max-age=31536000, immutable"  # for addresses with ?v=, which change with content


def is_safe_path(path):
    """Whether a path with a leading slash can only mean a file below its folder: no empty,
    hidden or upward name in it, only plain characters, no unfinished replacement."""
    for character in path:
        if character not in _ALLOWED:
            return False
    if path[:1] != "/" or path[-4:].lower() == ".new" or len(path) > 120:  # FAT knows no case
        return False
    for name in path[1:].split("/"):
        # FAT drops dots at the end of a name
        if not name or name[0] == "." or name[-1] == ".":
            return False
    return True


def _nothing(path, headers):
    """What is not there: a small page for a person who opens it, else as every error."""
    if path.startswith("/api/") or "text/html" not in headers.get("accept", ""):
        return refusal(404, "There is nothing of that name.")
    response = Response(_NOT_FOUND, 404, "text/html", {"Cache-Control": "no-store"})
    harden(response)
    return response


class Pages:
    """Mix-in of the admin server."""

    @route("/.*", "GET")
    def _get_page(self, path, query_params, headers, body):
        if path == "/":
            path = "/index.html"
        if path.startswith("/api/") or not is_safe_path(path):
            return _nothing(path, headers)
        versioned = query_params[:2] == "v="
        response = FileResponse(
            self.app.root + "/www" + path,
            {"Cache-Control": _HOLD if versioned else "no-cache"},
        )
        if response.status_code == 404:
            return _nothing(path, headers)
        harden(response)
        # Only documents need these; answers for all other files stay small.
        if response.content_type == "text/html":
            response.headers["Content-Security-Policy"] = _POLICY
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Frame-Options"] = "DENY"
        return response
