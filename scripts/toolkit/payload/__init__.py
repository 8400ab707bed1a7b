"""What a deployment puts on the drive, and how it is made: pages, libraries, code."""
