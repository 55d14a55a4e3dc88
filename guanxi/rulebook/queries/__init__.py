"""What is owed, by whom, and how far the clauses are observed."""
