"""The status light: the LED on the board, or a NeoPixel."""
