"""How price lists, quotes and reactions show up in lists, forms, search, import, the API and on the customer's page."""

from guanxi.offers.entities import prices, quotes, reactions  # noqa: F401 -- registers them
