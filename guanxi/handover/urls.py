"""Addresses of the pages beside lists and records: briefings, the opening of accounts."""

from __future__ import annotations

from django.urls import path

from guanxi.handover import openings, views

urlpatterns = [
    path("handovers/<int:pk>/briefing/", views.briefing, name="handover-briefing"),
    path("people/open/", openings.open_many, name="open-accounts"),
]
