"""Addresses of contracts as documents."""

from __future__ import annotations

from django.urls import path

from guanxi.contracts import views

urlpatterns = [path("contracts/<int:pk>/pdf/", views.contract_pdf, name="contract-pdf")]
