"""Whether this version has what it takes to deploy the next one: it is asked as deploy.py asks."""

from binascii import b2a_base64

from micropython import const

from ..web.rare_requests import RareRequests

_REQUESTS = (
    ("GET", "/api/status", RareRequests._get_rare),
    ("GET", "/api/deploy", RareRequests._get_rare),
    ("PUT", "/api/deploy/www/x", RareRequests._put),
    ("DELETE", "/api/deploy/www/x", RareRequests._delete),
    ("POST", "/api/deploy", RareRequests._control),
    ("POST", "/api/drive", RareRequests._post),
)
# All but reading is refused while an update is on trial, for what is not sent along, or because of
# somebody who sends many wrong passwords.
_MAX_PIECES = const(16)  # of an answer: the list of all files takes seconds
_GOOD = (200, 400, 409, 429)
_ROUNDS = const(30)  # of all tasks
_MAX_TENTHS = const(700)  # for these: a deployment takes thousands


def passes(app):
    """Whether this version passes; the log tells what is wrong (a generator of short steps)."""
    text = "This version could not be updated over Wi-Fi."
    try:
        problem = yield from _problem(app)
    except Exception as error:  # noqa: BLE001 - whatever it is, the version before comes back
        app.log.failure(text, error)
        return False
    if problem:
        app.log.error("%s %s." % (text, problem))
    return not problem


def _problem(app):
    """What went wrong, as a text, None for nothing; raises whatever the version at fault raises."""
    password = app.settings["ADMIN_PASSWORD"]
    if password is None:  # then nobody gets in, whatever the version
        return None
    credentials = b2a_base64(b"admin:" + password.encode()).decode().strip()
    headers = {"host": app.network.hostname, "authorization": "Basic " + credentials}
    server = app.server
    server.client_address = ""
    for method, path, handler in _REQUESTS:
        response = server.handle_request(method, path, "", headers, b"{}", handler)
        if method != "PUT":
            response = yield from _answer(response)
        elif hasattr(response, "send"):  # it waits for the content
            try:
                response.send(None)
                return "%s %s takes content of no hash" % (method, path)
            except StopIteration as end:
                response = end.value
        if response.status_code not in _GOOD:
            return "%s %s is answered %d" % (method, path, response.status_code)
        if hasattr(response.body, "__next__"):
            left = _MAX_PIECES
            for _ in response.body:
                yield
                left -= 1
                if not left:
                    break
            response.body.close()
    start = app.clock.tenths
    for _ in range(_ROUNDS):
        yield
    return "All tasks together take too long" if app.clock.tenths - start > _MAX_TENTHS else None


def _answer(steps):
    """What a handler returns that takes an empty object of JSON (a generator)."""
    piece = None
    try:
        while hasattr(steps, "send"):  # refused at once, it is the response
            steps.send(piece)
            piece = b"{}" if piece is None else b""
            yield
    except StopIteration as end:
        return end.value
    return steps
