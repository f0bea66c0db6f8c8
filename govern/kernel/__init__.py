"""Pure building blocks every area shares: who acts, money, the clock, canonical bytes, errors.

Nothing here knows Flask, SQLAlchemy or any area.
"""
