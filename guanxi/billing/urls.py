"""Addresses of the pages of money."""

from __future__ import annotations

from django.urls import path

from guanxi.billing.views import ageing, matching, statement

urlpatterns = [
    path("receivables/ageing/", ageing.ageing_page, name="ageing"),
    path("customers/<int:pk>/statement/", statement.statement, name="account-statement"),
    path("receipts/<int:pk>/match/", matching.match, name="receipt-match"),
]
