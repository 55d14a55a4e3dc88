"""One language for every condition in the product: parse once, then compile to SQL, memory, columns or a sentence."""

from guanxi.kernel.filters.ast import All, Any_, Atom, FilterError, Has, Node, Not, conjoin, parse
from guanxi.kernel.filters.columns import to_ibis
from guanxi.kernel.filters.env import Env
from guanxi.kernel.filters.memory import matches
from guanxi.kernel.filters.orm import to_q
from guanxi.kernel.filters.sentence import describe, legend, sentence

__all__ = [
    "All", "Any_", "Atom", "Env", "FilterError", "Has", "Node", "Not", "conjoin", "describe", "legend", "matches", "parse",
    "sentence", "to_ibis", "to_q",
]  # fmt: skip
