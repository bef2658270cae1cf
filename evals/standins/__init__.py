"""Stand-ins for what costs money or is not ours. Real servers on loopback, so that the real clients are what is tested."""
