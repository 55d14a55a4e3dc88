"""How limits, exports, loans and reviews show up in lists, forms and the API."""

from guanxi.custody.entities import loans, reviews, watch  # noqa: F401 -- registers
