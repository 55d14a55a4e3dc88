"""What a visit report asks beside the visit's own fields: one competitor that was talked about."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RivalForm(forms.Form):
    """A competitor by name, and what was heard."""

    name = forms.CharField(label=_("Competitor"), max_length=120, required=False)
    strengths = forms.CharField(
        label=_("Strengths of the competitor"), max_length=400, required=False,
        help_text=_("Price, delivery, terms. It reaches marketing as the draft of a bulletin, without the customer's name."),
    )  # fmt: skip
    differences = forms.CharField(label=_("Our differences"), max_length=400, required=False)
