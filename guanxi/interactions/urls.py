"""Addresses of the pages of visits and return visits."""

from __future__ import annotations

from django.urls import path

from guanxi.interactions.views import day, figures, reports

urlpatterns = [
    path("visits/pack/", day.pack, name="visit-pack"),
    path("visit-routes/", day.routes, name="visit-routes"),
    path("return-visits/figures/", figures.returns, name="return-figures"),
    path("visits/<int:pk>/report/", reports.visit_report, name="visit-report"),
    path("return-visits/<int:pk>/report/", reports.return_report, name="return-report"),
]
