"""Addresses of duplicate protection."""

from __future__ import annotations

from django.urls import path

from guanxi.duplicates import views

urlpatterns = [path("duplicates/look/<entity:declared>/", views.look, name="duplicates-look")]
