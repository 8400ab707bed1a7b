"""Reads values in queries."""


def value(query_params, name, default=None):
    """The value of `name` in a query string, "" when it is there without one, else default."""
    for pair in query_params.split("&"):
        key, _, found = pair.partition("=")
        if key == name:
            return found
    return default


def number(query_params, name):
    """The number called `name` in a query string, in whole tenths; -1 without one."""
    whole, _, fraction = value(query_params, name, "").partition(".")
    if not whole.isdigit() or len(whole) > 9:
        return -1
    return int(whole) * 10 + (int(fraction[0]) if fraction[:1].isdigit() else 0)
