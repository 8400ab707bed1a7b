"""What is measured: a file for each kind of sensor, how the chosen ones are made, and their latest
values."""
