"""Addresses of the working calendar."""

from __future__ import annotations

from django.urls import path

from guanxi.worktime import views

urlpatterns = [
    path("working-days/", views.working_days, name="working-days-now"),
    path("working-days/<int:year>/", views.working_days, name="working-days"),
]
