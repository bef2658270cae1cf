"""The answer: from a question to claims that point at the exact words of stored articles."""
