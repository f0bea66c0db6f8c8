"""Area: desk."""
