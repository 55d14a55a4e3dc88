"""Pages of their own: the figures of opportunities."""
