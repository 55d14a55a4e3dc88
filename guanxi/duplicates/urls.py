"""Addresses of duplicate protection."""

from __future__ import annotations

from django.urls import path

from guanxi.duplicates import views
from guanxi.web import converters  # noqa: F401 -- registers <entity:…>

urlpatterns = [
    path("duplicates/", views.accounts_desk, name="duplicates"),
    path("duplicates/look/<entity:declared>/", views.look, name="duplicates-look"),
    path("duplicates/screen/", views.run_screening, name="duplicates-screen"),
    path("duplicates/merge/", views.merge_accounts, name="duplicates-merge"),
    path("duplicates/merge/<entity:declared>/", views.merge_page, name="duplicates-merge-of"),
]
