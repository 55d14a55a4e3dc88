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
from guanxi.customers.models.classes import (
    ClassAssignment,
    ClassScheme,
    ClassStandard,
    Segment,
    StageChange,
    StagePlaybook,
)
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
from guanxi.customers.models.reviews import ClassReview, ReviewItem, ReviewSeat
from guanxi.customers.models.teams import AccountMember, AccountPlan, PlanAction
from guanxi.customers.models.tiers import CreditRule, TierPolicy

__all__ = [
    "Account",
    "AccountMember",
    "AccountPlan",
    "Address",
    "Attitude",
    "BuyingRole",
    "Channel",
    "ClassAssignment",
    "ClassReview",
    "ClassScheme",
    "ClassStandard",
    "Contact",
    "Credit",
    "CreditRule",
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
    "PlanAction",
    "PurchaserChange",
    "ReviewItem",
    "ReviewSeat",
    "Scale",
    "Segment",
    "Source",
    "Stage",
    "StageChange",
    "StagePlaybook",
    "TierPolicy",
]
