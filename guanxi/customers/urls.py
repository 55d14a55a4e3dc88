"""Addresses of the customer base's own pages."""

from __future__ import annotations

from django.urls import path

from guanxi.customers import views

urlpatterns = [path("customers/letters/", views.write_letters, name="letters")]
