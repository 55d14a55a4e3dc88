"""How registrations, forms and files under inspection show up in lists, forms, search, import and the API."""

from guanxi.filing.entities import inspection, papers, registration, rights, tasks

__all__ = ["inspection", "papers", "registration", "rights", "tasks"]
