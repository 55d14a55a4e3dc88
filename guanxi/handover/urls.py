"""Addresses of a handover's own pages."""

from __future__ import annotations

from django.urls import path

from guanxi.handover import views

urlpatterns = [path("handovers/<int:pk>/briefing/", views.briefing, name="handover-briefing")]
