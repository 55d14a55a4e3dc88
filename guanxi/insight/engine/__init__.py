"""Customer analytics over columnar facts: pure functions, no database of the product in sight."""
