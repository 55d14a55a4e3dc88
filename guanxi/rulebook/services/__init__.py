"""What people do with clauses and duties."""
