"""The board's surroundings, steered from the computer while the program runs."""

# See simulator/conditions.py for what each of them means.
now = {}


def changed(key, value):
    now[key] = value
    for listener in listeners:
        listener(key)


listeners = []
