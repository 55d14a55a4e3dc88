"""How limits, exports, loans, visits and reviews show up in lists, forms and the API."""

from guanxi.custody.entities import loans, visits, watch  # noqa: F401 -- registers
