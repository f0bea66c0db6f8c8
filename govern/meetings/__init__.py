"""Area: meetings."""
