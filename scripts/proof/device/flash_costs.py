"""How often the flash is erased by what the app does on an ordinary day."""

from app_on_drive import Board

_FLUSH_S = 600  # how often samples are written


class _Costs:
    """`found` has a dict for each action between begin() and end(); "step" is how many erases the
    longest of its steps has caused."""

    def __init__(self, flash):
        self.found = []
        self._flash = flash

    def begin(self, name):
        self._flash.sync()
        self._name = name
        self._erases = self._before = self._flash.erases
        self._fat_erases = self._flash.fat_erases
        self._longest = 0

    def step(self):
        """A step of the main loop has ended."""
        self._longest = max(self._longest, self._flash.erases - self._before)
        self._before = self._flash.erases

    def end(self):
        self.step()
        self._flash.sync()  # the last block is written later, by itself
        self.found.append(
            {
                "name": self._name,
                "erases": self._flash.erases - self._erases,
                "fat_erases": self._flash.fat_erases - self._fat_erases,
                "step": max(1, self._longest),
            }
        )


def measure(flash, uploads):
    """What _Costs has found. uploads: (path, content, headers) of a file, and of its next state."""
    costs = _Costs(flash)
    board = Board()
    for value in (7, 8):
        costs.begin("a setting is saved")
        for _ in board.saving_settings(LIVE_SECONDS=value):
            costs.step()
        costs.end()
    for number in range(4):
        costs.begin("the recorder writes" + ("" if number else " for the first time"))
        board.pass_s(_FLUSH_S if number else _FLUSH_S + 10, after=costs.step)
        costs.end()
    for path, content, headers in uploads:
        costs.begin("a file of %d KB is deployed" % (len(content) // 1000))
        for _ in board.upload(path, content, headers):
            costs.step()
        costs.end()
    costs.begin("a deployed file is deleted")
    board.delete_deployed(uploads[0][0])
    costs.end()
    costs.begin("a recording is deleted")
    board.delete_recording("2026-11-21.csv")
    costs.end()
    return costs.found
