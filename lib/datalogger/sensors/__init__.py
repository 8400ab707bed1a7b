"""What is measured: a file for each kind of sensor, the list of them, and their latest values."""
