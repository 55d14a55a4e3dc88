"""Addresses of the customer base's own pages."""

from __future__ import annotations

from django.urls import path

from guanxi.customers import views

urlpatterns = [
    path("customers/letters/", views.write_letters, name="letters"),
    path("class-schemes/<int:pk>/day/", views.scheme_day, name="scheme-day"),
]
