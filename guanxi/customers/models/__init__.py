"""Customers: accounts, contacts, the entries of their files, classes, segments and the lists behind them."""

from guanxi.customers.models.accounts import Account
from guanxi.customers.models.choices import (
    Attitude,
    BuyingRole,
    Credit,
    Gender,
    Grade,
    Industry,
    Kind,
    Level,
    Method,
    Scale,
    Stage,
)
from guanxi.customers.models.classes import ClassAssignment, ClassScheme, Segment, StageChange, StagePlaybook
from guanxi.customers.models.contacts import Contact, PurchaserChange
from guanxi.customers.models.entries import (
    Address,
    ImportantDate,
    IntegrityEntry,
    InvoiceTitle,
    InvoiceTitleVersion,
    Need,
)
from guanxi.customers.models.filing import FilingStandard
from guanxi.customers.models.lists import Channel, Source

__all__ = [
    "Account",
    "Address",
    "Attitude",
    "BuyingRole",
    "Channel",
    "ClassAssignment",
    "ClassScheme",
    "Contact",
    "Credit",
    "FilingStandard",
    "Gender",
    "Grade",
    "ImportantDate",
    "Industry",
    "IntegrityEntry",
    "InvoiceTitle",
    "InvoiceTitleVersion",
    "Kind",
    "Level",
    "Method",
    "Need",
    "PurchaserChange",
    "Scale",
    "Segment",
    "Source",
    "Stage",
    "StageChange",
    "StagePlaybook",
]
