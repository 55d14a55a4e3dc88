"""The verbs of pools and what follows when owners change; importing this registers all of them."""

from guanxi.pool.services import limits, moves, pools, recycling, seed, settle

__all__ = ["limits", "moves", "pools", "recycling", "seed", "settle"]
