"""Flask plumbing shared by all areas: access, pages and fragments, one transaction per request, errors, headers.

Imports the database, settings, extensions and kernel only; it knows no area. What the page frame needs from the areas
(navigation, counts) is handed in by govern.areas.
"""
