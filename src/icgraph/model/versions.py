"""Versions of the dataset: its revisions, as readers know them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """A revision, when it was recorded (RFC 3339), and why."""

    number: int
    time: str
    message: str
