"""What the stand-ins in board_modules/ are built on; not visible to the program of the board."""
