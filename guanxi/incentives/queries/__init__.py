"""What the ledger says: balances, months, reach."""
