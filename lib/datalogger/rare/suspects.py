"""Which sensors stay off: those that were being read when the watchdog reset the board."""

from micropython import const

from ..nonvolatile import DOG_BITES_AT, SENSORS_OFF, SENSORS_OFF_AT, SUSPECTS_AT

_MAX_BITES = const(3)  # in a row; then what was being read stays off
_ALL = const(0xFFFF)


def switched_off(nvm, marks, fresh, bitten):
    """A bit for each sensor that is not to be read in this run, from bit 0 for the first one.

    nvm: microcontroller.nvm; marks: see Readings; fresh: whether this is a start after a reset;
    bitten: whether that was one by the watchdog.
    """
    bites = nvm[DOG_BITES_AT]
    suspects = nvm[SUSPECTS_AT] | nvm[SUSPECTS_AT + 1] << 8
    if bites == 255 or fresh and not bitten:
        bites = suspects = 0
    if bitten:
        bites = min(bites + 1, _MAX_BITES)
        if 0 < marks[0] <= 16:
            suspects |= 1 << marks[0] - 1
    marks[0] = 0
    kept = bytes((bites, suspects & 255, suspects >> 8))
    if bytes(nvm[DOG_BITES_AT : DOG_BITES_AT + 3]) != kept:
        nvm[DOG_BITES_AT : DOG_BITES_AT + 3] = kept
    if nvm[SENSORS_OFF_AT] == SENSORS_OFF:  # once, wanted on the rescue page
        nvm[SENSORS_OFF_AT] = 255
        return _ALL
    return suspects if bites == _MAX_BITES else 0
