"""Addresses of the figures of opportunities."""

from __future__ import annotations

from django.urls import path

from guanxi.deals.views import figures

urlpatterns = [path("opportunities/figures/", figures.figures, name="deals-figures")]
