"""Addresses of attainment, of the table of targets and of the recalculation."""

from __future__ import annotations

from django.urls import path

from guanxi.targets.views import attainment, forecast, recalculation

urlpatterns = [
    path("targets/attainment/", attainment.attainment, name="attainment"),
    path("targets/table/", attainment.target_table, name="target-table"),
    path("targets/forecast/", forecast.forecast, name="forecast"),
    path("commission/recalculation/", recalculation.recalculation, name="commission-recalculation"),
]
