"""Area: bodies."""
