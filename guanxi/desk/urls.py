"""The start page."""

from __future__ import annotations

from django.urls import path

from guanxi.desk import views

urlpatterns = [path("", views.home, name="home")]
