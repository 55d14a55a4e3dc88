"""Questions about duplicates: what looks like this file."""
