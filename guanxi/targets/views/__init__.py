"""Pages of targets and commission."""
