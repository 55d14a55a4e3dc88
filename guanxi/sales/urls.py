"""Addresses of sales beside those of its entities."""

from __future__ import annotations

from guanxi.sales.advice.urls import urlpatterns as advice

urlpatterns = [*advice]
