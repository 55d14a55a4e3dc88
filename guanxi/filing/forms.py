"""The forms that no entity draws: a customer's own registration, and a table of cards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.customers.queries.filing import file_check
from guanxi.filing.models import JoinLink, Registration
from guanxi.filing.services.join import OWN
from guanxi.formats.codes import check_email, parse_phone
from guanxi.formats.values import BadValue
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.web.forms import RecordForm, editable

CARD = ("name", "phone", "need", "organisation", "post", "email", "address")


class OwnForm(forms.Form):
    """What customers tell of themselves; `website` is seen by machines only."""

    name = forms.CharField(label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Phone"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )
    need = forms.CharField(
        label=_("What can we do for you?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    organisation = forms.CharField(
        label=_("Company (if any)"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def clean_phone(self) -> str:
        return self._checked("phone", parse_phone)

    def clean_email(self) -> str:
        return self._checked("email", check_email)

    def _checked(self, name: str, check: Any) -> str:
        text = str(self.cleaned_data[name] or "")
        try:
            return str(check(text)) if text else ""
        except BadValue as bad:
            raise forms.ValidationError(str(bad)) from bad

    @property
    def shown(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in ("website", "agreed")]


class JoinForm(OwnForm):
    """The same with the questions of an exhibition and the consent."""

    agreed = forms.BooleanField(
        error_messages={"required": _("Without your consent we may not keep your particulars.")}
    )

    def __init__(self, link: JoinLink, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = question_fields(link.exhibition.questions if link.exhibition else [])
        self.fields |= {key: made for key, _text, made in self.questions}

    @property
    def answers(self) -> list[dict[str, str]]:
        given = [(text, self.cleaned_data.get(key, "")) for key, text, _made in self.questions]
        return [{"question": text, "answer": str(answer)} for text, answer in given if answer]


def question_fields(questions: Any) -> list[tuple[str, str, forms.Field]]:
    """(name, question, field) of each question; offered answers become a choice."""
    found: list[tuple[str, str, forms.Field]] = []
    for number, item in enumerate(questions or []):
        text = str(item.get("question", ""))
        offered = [part.strip() for part in str(item.get("answers", "")).split("、") if part.strip()]
        made: forms.Field = forms.CharField(label=text, required=False, max_length=400)
        if offered:
            made = forms.ChoiceField(label=text, required=False, choices=[("", "—"), *((one, one) for one in offered)])
        if text:
            found.append((f"q{number}", text, made))
    return found


def own_values(row: Registration) -> dict[str, Any]:
    return {name: getattr(row, name) for name in OWN}


def gaps_form(account: Account, user: User, data: Any = None) -> RecordForm | None:
    """The missing particulars of a file that this person may fill in; None if nothing can be asked."""
    declared = entity(Account)
    if not user.may("change", declared.label) or not Account.objects.visible_to(user).filter(pk=account.pk).exists():
        return None
    fields = editable(declared, user, [gap.field for gap in file_check(account).missing])
    return RecordForm(declared, user, fields, data, row=account, prefix="gap") if fields else None
