"""Ways in: the command line, HTTP, and the page."""
