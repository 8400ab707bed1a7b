"""GET /api/deploy, PUT and DELETE /api/deploy/PATH: code and pages over Wi-Fi."""

from micropython import const

from .. import file_system
from ..on_demand import on_demand
from ..web.answers import answer, refusal
from ..web.pages import is_safe_path

_MAX_DEPTH = const(6)
_PREFIX = const(11)  # len("/api/deploy")


def is_deployable(path):
    """Whether a path with a leading slash may be written: below /www or /lib, code.py, boot.py."""
    if not is_safe_path(path) or path.count("/") > _MAX_DEPTH:
        return False
    return path in ("/code.py", "/boot.py") or path[:5] in ("/www/", "/lib/")


def get(server, path, query_params, headers, body):
    """The answer to a GET: the deployed files with their hashes."""
    return answer(on_demand("deploy_listing").listing(server.app.root, server.app.room))


def put(server, path, query_params, headers, body):
    """The handler of a PUT: the generator that the body is sent into, or a refusal."""
    path = path[_PREFIX:]
    problem = _problem(server, path)
    return problem or on_demand("deploy_upload").receive(server.app, path, headers)


def delete(server, path, query_params, headers, body):
    """The answer to a DELETE."""
    app = server.app
    path = path[_PREFIX:]
    problem = _problem(server, path)
    if problem:
        return problem
    target = app.root + path
    if target in app.uploads:
        return refusal(409, "This file is being replaced at the moment.")
    if not file_system.remove(target):
        return refusal(404, "There is no such file.")
    on_demand("folders").remove_empty_folders(app.root, target)
    file_system.sync()
    app.log.info("Deleted %s." % path[1:])
    return answer({"deleted": path[1:]})


def _problem(server, path):
    if not is_deployable(path):
        return refusal(403, "Only files below www/ and lib/, code.py and boot.py.")
    if server.app.settings.default_password:
        return refusal(409, "Change the passwords that the board came with first.")
    refusals = on_demand("refusals")
    return refusals.for_battery(server.app) or refusals.for_drive(server.app)
