"""The costly, pure steps of an ingest on the workers of a Ray cluster; one process, the command's, decides and writes.

Ray's tasks and actors, not Ray Data: lots must come back in the order of their source, the catalog is asked between
cleaning and splitting, and sources may have no end (evals/LOG.md). The only folder that imports ray.
"""
