"""What the custodian asks: limits, counts, loans, visits, reviews."""
