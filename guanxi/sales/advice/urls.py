"""Addresses of suggestions and of the calls before a delivery."""

from __future__ import annotations

from django.urls import path

from guanxi.sales.advice import views

urlpatterns = [
    path("suggestions/", views.suggest, name="suggestions"),
    path("suggestions/answer/", views.react, name="suggestion-answer"),
    path("delivery-calls/", views.delivery_calls, name="delivery-calls"),
]
