"""GET and POST /api/deploy, PUT and DELETE /api/deploy/PATH: code and pages over Wi-Fi."""

from micropython import const

from ..on_demand import on_demand, on_demand_for_update
from ..web.answers import answer, refusal
from ..web.pages import is_safe_path

_MAX_DEPTH = const(6)
_MAX_UPLOADS = const(2)  # at once: their code and data have to fit into the memory
_PREFIX = const(11)  # len("/api/deploy")


def is_deployable(path):
    """Whether a path with a leading slash may be written: below /www or /lib, or what starts."""
    if not is_safe_path(path) or path.count("/") > _MAX_DEPTH:
        return False
    return path in ("/code.py", "/boot.py", "/safemode.py") or path[:5] in ("/www/", "/lib/")


def get(server, path, query_params, headers, body):
    """The answer to a GET: what is deployed and what waits, with hashes."""
    app = server.app
    drive = app.drive.storage.getmount("/")  # not that of the recordings, which may be a card
    return answer(on_demand_for_update("listing").listing(app.root, drive.ilistdir))


def put(server, path, query_params, headers, body):
    """The handler of a PUT: the generator that the body is sent into, or a refusal."""
    path = path[_PREFIX:]
    uploads = server.app.uploads
    if len(uploads) >= _MAX_UPLOADS and path not in uploads:
        return refusal(503, "Two uploads are under way.", headers={"Retry-After": "2"})
    return _problem(server, path) or _receive(server.app, path, headers)


def delete(server, path, query_params, headers, body):
    """The answer to a DELETE."""
    path = path[_PREFIX:]
    problem = _problem(server, path)
    if problem:
        return problem
    app = server.app
    return _answer(on_demand_for_update("commit").remove(app.root, app.uploads, path))


def post(server, path, query_params, headers, body):
    """The answer to a POST: all that waits takes its place."""
    problem = _problem(server, "")
    if problem:
        return problem
    app = server.app
    try:
        sent = on_demand("json_object").parse(body)
    except ValueError as error:
        return refusal(400, str(error))
    status, found = on_demand_for_update("commit").commit(app.root, app.uploads, sent)
    if status == 202:
        app.log.info("Deployed: %d files." % found["files"])
        app.trial.look()
        if found["restarting"]:
            app.restart()
        else:
            app.trial.committed = True
    return answer(found, status)


def _receive(app, path, headers):
    receive = on_demand_for_update("receive").receive
    return _answer((yield from receive(app.root, app.uploads, path, headers)))


def _answer(found):
    status, body = found
    return answer(body, status)


def _problem(server, path):
    if path and not is_deployable(path):
        return refusal(403, "Only files below www/ and lib/, code.py, boot.py, safemode.py.")
    if server.app.settings.default_passwords:
        return refusal(409, "Change the passwords that the board came with first.")
    refusals = on_demand("refusals")
    return refusals.for_battery(server.app) or refusals.for_drive(server.app)
