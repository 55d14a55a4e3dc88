"""Questions about targets and commission."""
