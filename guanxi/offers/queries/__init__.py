"""Questions about prices, discount authority and quotes."""
