"""Addresses of the custodian's own pages."""

from __future__ import annotations

from django.urls import path

from guanxi.custody import views

urlpatterns = [
    path("loans/find/", views.find_card, name="card-find"),
    path("visits/pack/", views.visit_pack, name="visit-pack"),
]
