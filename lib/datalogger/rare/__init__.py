"""What is loaded for one request and dropped: the handlers of rare requests, and what they need."""
