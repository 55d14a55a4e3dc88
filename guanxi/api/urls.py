"""Addresses of the REST interface."""

from __future__ import annotations

from django.urls import path

from guanxi.api import views
from guanxi.web import converters  # noqa: F401 -- registers <entity:…>

urlpatterns = [
    path("", views.index, name="api"),
    path("<entity:declared>/", views.collection, name="api-collection"),
    path("<entity:declared>/<int:pk>/", views.item, name="api-item"),
    path("<entity:declared>/<int:pk>/<slug:short>/", views.act, name="api-act"),
]
