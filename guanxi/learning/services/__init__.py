"""Publishing, reading and passing; training by post; filing of departments' own rules; the ready-made texts."""

from guanxi.learning.services import publishing, reading, rules, seed, training

__all__ = ["publishing", "reading", "rules", "seed", "training"]
