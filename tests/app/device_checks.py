"""Runs the test_… functions of one file in MicroPython: device_checks.py MODULE."""

import sys


def main(name):
    module = __import__(name)
    for test in sorted(dir(module)):
        if test.startswith("test_"):
            try:
                getattr(module, test)()
                print("PASSED " + test)
            except BaseException as error:  # noqa: BLE001 - it is printed
                print("FAILED " + test)
                sys.print_exception(error)


main(sys.argv[1])
