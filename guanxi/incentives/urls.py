"""Addresses of the month's sheet and the appraisal."""

from __future__ import annotations

from django.urls import path

from guanxi.incentives import views

urlpatterns = [
    path("incentives/month/", views.month_sheet, name="incentive-month"),
    path("appraisal/", views.appraisal, name="appraisal"),
]
