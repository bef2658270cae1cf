"""Articles in: read, clean, split, find the story, put."""
