"""What is asked of customer files."""
