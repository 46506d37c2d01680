"""Points on the earth, as GeoSPARQL writes them (WKT, section 8.5 of version 1.1)."""

import re
from typing import Final

_POINT: Final = re.compile(r"(?:<[^>]*> *)?POINT *\( *(-?[\d.]+) +(-?[\d.]+) *\)", re.IGNORECASE)


def read_point(wkt: str) -> tuple[float, float] | None:
    """Longitude and latitude in degrees; None for any other text."""
    match = _POINT.fullmatch(wkt.strip())
    if match is None:
        return None
    try:
        longitude, latitude = float(match[1]), float(match[2])
    except ValueError:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None
