"""Area: ledger."""
