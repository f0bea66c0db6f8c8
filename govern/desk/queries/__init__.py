"""Reads that join many areas."""
