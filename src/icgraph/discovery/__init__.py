"""Finding things in the graph: one record, who points at it, lists and counts.

Everything here asks through `reading.Reading`; nothing knows HTTP or how a page looks.
"""
