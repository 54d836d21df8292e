"""Places as the field writes them: grid references, degrees, GeoJSON, KML, to core values."""
