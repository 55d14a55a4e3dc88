"""Addresses of quotes as documents."""

from __future__ import annotations

from django.urls import path

from guanxi.offers import views

urlpatterns = [
    path("quotes/<int:pk>/pdf/", views.quote_pdf, name="quote-pdf"),
    path("quotes/<int:pk>/print/", views.quote_print, name="quote-print"),  # stands before the card of all records
]
