"""Real clients against the served API: `make clients`. The scripts are the clients' own; nothing here is collected by pytest."""
