"""What a running server tells those who operate it: metrics, log lines, traces."""
