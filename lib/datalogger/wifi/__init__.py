"""How people reach the board: its own network or another one, and the captive portal's names."""
