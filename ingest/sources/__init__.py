"""One file per source format; the table of readers is `ingest.sources.readers`."""
