"""Where the graph is kept: the change log, which is the truth, and what is derived from it.

This layer knows quads and revisions. It does not know SHACL, HTTP or who may write.
"""
