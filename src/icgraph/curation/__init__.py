"""Bringing records in: reading facts, finding what they name, writing sorted Turtle."""
