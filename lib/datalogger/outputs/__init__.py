"""What is switched: a file for each kind of output, and the list of them."""
