"""Govern: the record in which a cluster of member organisations governs itself.

This file holds nothing else, so that ``govern.votes.rules`` and ``govern.counting`` load without Flask or a database.
"""
