"""Addresses of registration, filing and inspection; those under /join/ are public."""

from __future__ import annotations

from django.urls import path

from guanxi.filing.views import card, cards, filing, join, registration, report

urlpatterns = [
    path("counter/", registration.counter, name="registration-counter"),
    path("counter/known/", registration.known_here, name="registration-known"),
    path("counter/cards/", cards.cards, name="registration-cards"),
    path("filing/", filing.today, name="filing-today"),
    path("filing/<int:pk>/", filing.make, name="filing-make"),
    path("customers/<int:pk>/complete/", filing.complete_file, name="filing-complete"),
    path("customers/<int:pk>/relationship-card/", card.card, name="relationship-card"),
    path("file-tasks/<int:pk>/form/", card.verification, name="file-task-form"),
    path("inspection/report/", report.report, name="inspection-report"),
    path("inspections/<int:pk>/files/", report.files, name="inspection-files"),
    path("registrations/form/", registration.form, name="registration-blank"),
    path("registrations/<int:pk>/form/", registration.form, name="registration-form"),
    path("registrations/<int:pk>/own-link/", registration.own_link, name="registration-own-link"),
    path("exhibitions/<int:pk>/questionnaire/", registration.questionnaire, name="exhibition-questionnaire"),
    path("join-links/<int:pk>/poster/", registration.poster, name="joinlink-poster"),
    path("join/me/<str:text>/", join.own, name="join-own"),
    path("join/<slug:token>/", join.join, name="join"),
    path("join/<slug:token>/done/", join.done, name="join-done"),
]
