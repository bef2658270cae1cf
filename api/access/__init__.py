"""Who may do what: keys, tokens, limits, and the one door that every request comes through."""
