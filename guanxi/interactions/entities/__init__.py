"""How dealings, visits, return visits, requests, competitors and receptions show up in lists, forms and the API."""

from guanxi.interactions.entities import contacts, returns, visits  # noqa: F401 -- registers
