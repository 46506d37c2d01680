"""What the graph must satisfy: SHACL validation, its report, and the warnings accepted.

The guard judges; it neither mends nor stores anything. pySHACL is run here and nowhere else.
"""
