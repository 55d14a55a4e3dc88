"""What filing puts on the pages of registrations, customers, orders and receipts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from guanxi.filing.models import Exhibition, JoinLink, Registration
from guanxi.web.panels import panel

REGISTRATION, EXHIBITION, LINK = "filing.registration", "filing.exhibition", "filing.joinlink"


@panel(REGISTRATION, "filing/registration_panel.html", order=10)
def steps(row: Registration, user: Any) -> dict[str, Any]:
    """What can be done with the form: print it, make a file of it, let the customer correct it."""
    return {
        "form_url": reverse("registration-form", args=[row.pk]),
        "own_url": reverse("registration-own-link", args=[row.pk]) if user.may("change", REGISTRATION) else "",
    }


@panel(EXHIBITION, "filing/exhibition_panel.html", order=10)
def kit(row: Exhibition, user: Any) -> dict[str, Any]:
    """The exhibition kit: cards, questionnaire, link."""
    return {
        "cards": f"{reverse('registration-cards')}?exhibition={row.pk}" if user.may("add", REGISTRATION) else "",
        "questionnaire": reverse("exhibition-questionnaire", args=[row.pk]),
        "link": f"{reverse('record-new', args=['join-links'])}?exhibition={row.pk}&name={row.name}"
        if user.may("add", LINK)
        else "",
    }


@panel(LINK, "filing/link_panel.html", order=10)
def code(row: JoinLink, _user: Any) -> dict[str, Any]:
    """The way to the QR code and what arrives through the link."""
    return {"poster": reverse("joinlink-poster", args=[row.pk]), "public": reverse("join", args=[row.token])}
