"""Answering SPARQL: what a request means, whether it is allowed, and running it in a worker."""
