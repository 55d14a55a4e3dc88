"""Sweeps: one declared table each, walked over every address, role, object and output of the product."""
