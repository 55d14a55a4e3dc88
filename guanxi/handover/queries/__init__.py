"""Questions about accounts and handovers."""
