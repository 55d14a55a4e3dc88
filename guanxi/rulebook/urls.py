"""Addresses of the rulebook's own pages."""

from __future__ import annotations

from django.urls import path

from guanxi.rulebook.views import rule

urlpatterns = [
    path("clauses/<int:pk>/rule/", rule.rule, name="clause-rule"),
]
