"""Pictures in SVG: maps, a network, bars of years, a heat map; and the country shapes they need."""
