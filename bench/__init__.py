"""Benchmarks: ratios taken in one run, on this machine, beside the floor. Never run as tests."""
