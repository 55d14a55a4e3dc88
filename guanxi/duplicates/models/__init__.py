"""What duplicate protection keeps: keys under which files meet, pairs to look at, merges that can be taken back."""

from guanxi.duplicates.models.keys import DupKey
from guanxi.duplicates.models.merges import Merge
from guanxi.duplicates.models.pairs import REASONS, Pair

__all__ = ["REASONS", "DupKey", "Merge", "Pair"]
