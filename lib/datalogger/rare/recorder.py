"""POST /api/recorder: people control the recorder."""

from micropython import const

from ..on_demand import on_demand
from ..web.answers import answer, refusal

_MAX_NOTES = const(4)  # that wait to be written
_MAX_NOTE = const(120)  # characters


def post(server, path, query_params, headers, body):
    """The answer to a POST."""
    app = server.app
    recorder = app.recorder
    try:
        sent = on_demand("json_object").parse(body)
    except ValueError as problem:
        return refusal(400, str(problem))
    action = sent.get("action")
    if action == "note":
        problem = _add_note(app, sent.get("text"))
        if problem:
            return problem
    elif action in ("start", "stop"):
        recorder.stop(action == "stop")
        app.log.info("Recording was %s by hand." % ("stopped" if recorder.stopped else "started"))
    elif action == "sample":
        recorder.sample()
    elif action == "write":
        problem = on_demand("refusals").for_recordings(app)
        return problem or answer(_written(recorder))
    else:
        return refusal(400, "action must be start, stop, write, sample or note.", "action")
    return answer("".join(_state(recorder)))


def _add_note(app, text):
    """Keep a note until the next flush; returns the refusal when that can't be done."""
    notes = app.recorder.notes
    if not isinstance(text, str) or not 0 < len(text.strip()) <= _MAX_NOTE:
        return refusal(400, "A note has 1 to %d characters." % _MAX_NOTE, "text")
    for character in text:
        if ord(character) < 32 or 127 <= ord(character) < 160 or character in "\u2028\u2029":
            return refusal(400, "A note must not contain control characters.", "text")
    if len(notes) >= _MAX_NOTES:
        return refusal(409, "%d notes wait to be written; write them first." % _MAX_NOTES)
    notes.append((app.clock.tenths, text.strip()))
    return None


def _written(recorder):
    """Write what waits while the client waits (a generator)."""
    recorder.write_soon()
    while recorder.write_step():
        yield None
    for text in _state(recorder):
        yield text


def _state(recorder):
    state, _ = recorder.state()
    yield '{"state":"%s","buffered":%d}' % (state, recorder.samples.pending())
