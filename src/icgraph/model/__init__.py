"""What the graph speaks of: its namespaces, IRIs, kinds of record, labels and periods.

Pure functions and values: no store, no clock, no network, no Flask.
"""
