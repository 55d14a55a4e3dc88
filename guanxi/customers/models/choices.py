"""The fixed word lists of customer files; lists a company extends itself (sources, channels) are tables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    COMPANY = "company", pgettext_lazy("customer", "Company")
    PERSON = "person", pgettext_lazy("customer", "Person")


class Stage(models.TextChoices):
    """LIFE-01; follows from facts and is never typed in."""

    POTENTIAL = "potential", _("Potential")
    FIRST = "first", _("First purchase")
    REPEAT = "repeat", _("Repeat purchase")
    LOYAL = "loyal", _("Loyal")
    DORMANT = "dormant", _("Dormant")
    LOST = "lost", pgettext_lazy("customer", "Lost")


class Grade(models.TextChoices):
    """The class that drives contact and service policy, mirrored from the policy scheme."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class Attitude(models.TextChoices):
    """CLASS-03: attitude to our products."""

    LOYAL = "loyal", _("Loyal to us")
    SWITCHER = "switcher", _("Brand switcher")
    NONE = "none", _("No brand loyalty")


class Level(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Method(models.TextChoices):
    """INFO-08: how a piece of information was collected."""

    VISIT = "visit", _("Visit")
    INTERVIEW = "interview", _("Interview")
    QUESTIONNAIRE = "questionnaire", _("Questionnaire")
    SALES = "sales", _("Sales record")
    SERVICE = "service", _("Service record")
    WEB = "web", _("Web behaviour")
    IMPORT = "import", _("Import")
    OTHER = "other", _("Other")


class Industry(models.TextChoices):
    """The sections of GB/T 4754, by their letters."""

    AGRICULTURE = "A", _("Agriculture, forestry, fishing")
    MINING = "B", _("Mining")
    MANUFACTURING = "C", _("Manufacturing")
    ENERGY = "D", _("Electricity, heat, gas, water")
    CONSTRUCTION = "E", _("Construction")
    TRADE = "F", _("Wholesale and retail")
    TRANSPORT = "G", _("Transport and logistics")
    CATERING = "H", _("Hotels and catering")
    SOFTWARE = "I", _("Information technology and software")
    FINANCE = "J", _("Finance and insurance")
    PROPERTY = "K", _("Real estate")
    BUSINESS = "L", _("Leasing and business services")
    RESEARCH = "M", _("Research and technical services")
    ENVIRONMENT = "N", _("Water, environment, public facilities")
    RESIDENTS = "O", _("Repair and services for residents")
    EDUCATION = "P", _("Education")
    HEALTH = "Q", _("Health and social work")
    CULTURE = "R", _("Culture, sport, entertainment")
    PUBLIC = "S", _("Public administration")
    INTERNATIONAL = "T", _("International organisations")


class Scale(models.TextChoices):
    MICRO = "micro", _("Fewer than 20 people")
    SMALL = "small", _("20 to 99 people")
    MIDDLE = "middle", _("100 to 499 people")
    LARGE = "large", _("500 to 1,999 people")
    GIANT = "giant", _("2,000 people and more")


class Credit(models.TextChoices):
    EXCELLENT = "AAA", "AAA"
    GOOD = "AA", "AA"
    FAIR = "A", "A"
    WATCH = "B", "B"
    POOR = "C", "C"


class Gender(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class Education(models.TextChoices):
    SCHOOL = "school", _("Middle school or less")
    HIGH = "high", _("High school or vocational school")
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master and above")


class Income(models.TextChoices):
    """Monthly income in yuan."""

    LOW = "to5k", _("Below 5,000")
    LOWER = "to10k", _("5,000 to 9,999")
    MIDDLE = "to20k", _("10,000 to 19,999")
    UPPER = "to50k", _("20,000 to 49,999")
    HIGH = "over50k", _("50,000 and more")


class BuyingRole(models.TextChoices):
    DECIDER = "decider", _("Decision maker")
    PURCHASER = "purchaser", _("Purchaser")
    INFLUENCER = "influencer", _("Influencer")
    USER = "user", pgettext_lazy("buying", "User")
    FINANCE = "finance", _("Finance")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")


class LegalBasis(models.TextChoices):
    """PIPL Art. 13: why personal information may be kept."""

    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract")
    PUBLIC = "public", _("Published by the person")
    LAW = "law", _("Legal duty")
