"""Area: dues."""
