"""What the scripts share: the environment they run in, and the steps from source to drive."""
