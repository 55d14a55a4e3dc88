"""Addresses of registration, filing and inspection; those under /join/ are public."""

from __future__ import annotations

from django.urls import path

from guanxi.filing.views import cards, join, registration

urlpatterns = [
    path("counter/", registration.counter, name="registration-counter"),
    path("counter/known/", registration.known_here, name="registration-known"),
    path("counter/cards/", cards.cards, name="registration-cards"),
    path("registrations/form/", registration.form, name="registration-blank"),
    path("registrations/<int:pk>/form/", registration.form, name="registration-form"),
    path("registrations/<int:pk>/own-link/", registration.own_link, name="registration-own-link"),
    path("exhibitions/<int:pk>/questionnaire/", registration.questionnaire, name="exhibition-questionnaire"),
    path("join-links/<int:pk>/poster/", registration.poster, name="joinlink-poster"),
    path("join/me/<str:text>/", join.own, name="join-own"),
    path("join/<slug:token>/", join.join, name="join"),
    path("join/<slug:token>/done/", join.done, name="join-done"),
]
