"""Area: accounts."""
