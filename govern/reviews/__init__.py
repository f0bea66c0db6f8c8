"""Area: reviews."""
