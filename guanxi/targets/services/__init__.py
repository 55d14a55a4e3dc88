"""Computing commission, statements with due process, and tables of targets."""

from guanxi.targets.services import commission, statements

__all__ = ["commission", "statements"]
