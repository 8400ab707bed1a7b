"""No server at all: what the machine itself does to the steps of an empty program."""


def run(pool, port, folder, beside):
    for _ in beside:
        pass
