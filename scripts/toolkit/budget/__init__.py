"""How the board's drive is shared out among the payload, recordings and the reserve."""
