"""What the custodian asks: limits, counts, loans, reviews."""
