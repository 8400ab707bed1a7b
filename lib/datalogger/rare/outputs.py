"""GET /api/outputs and POST /api/outputs/NAME: what people switch."""

import json

from ..on_demand import on_demand
from ..web.answers import answer, json_list, refusal

_PREFIX = "/api/outputs/"


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    return answer(_all(server.app.outputs))


def _all(outputs):
    yield '{"outputs":['
    yield from json_list(_texts(outputs))
    yield "]}"


def _texts(outputs):
    for output in outputs:
        yield json.dumps(_described(output))


def _described(output):
    found = {"name": output.name, "label": output.label, "value": output.value}
    if type(output.value) is not bool:
        device = output.device
        found["unit"] = getattr(device, "unit", "")
        for key, name in (("min", "lowest"), ("max", "highest")):
            if hasattr(device, name):
                found[key] = getattr(device, name)
    return found


def post(server, path, query_params, headers, body):
    """The answer to a POST."""
    app = server.app
    for output in app.outputs:
        if output.name == path[len(_PREFIX) :]:
            break
    else:
        return refusal(404, "There is no such output.")
    try:
        value = on_demand("json_object").parse(body).get("value")
        _check(output.device, value)
    except ValueError as problem:
        return refusal(400, str(problem), "value")
    try:
        output.set(value)
    except Exception as error:  # noqa: BLE001 - any device may raise anything
        app.log.failure("%s can't be set." % output.label, error)
        return refusal(500, "The output fails; the board's log tells more.")
    state = ("off", "on")[value] if type(value) is bool else value
    app.log.info("%s: %s." % (output.label, state))
    return answer(_described(output))


def _check(device, value):
    """Raises ValueError with a sentence where the device can't have that value."""
    if type(device.safe) is bool:
        if type(value) is not bool:
            raise ValueError("value is neither true nor false.")
        return
    if type(value) not in (int, float):
        raise ValueError("value is no number.")
    lowest = getattr(device, "lowest", value)
    highest = getattr(device, "highest", value)
    if not lowest <= value <= highest:
        raise ValueError("value is not from %s to %s." % (lowest, highest))
