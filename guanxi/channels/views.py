"""The page on which a person chooses how to hear of notices."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guanxi.channels.models import Choice, Delivery, Robot
from guanxi.kernel import work
from guanxi.org.models import User


class ChoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Choice
        fields = ("mail", "robot", "rhythm", "daily_at", "quiet_from", "quiet_until", "workdays_only")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        robots: Any = self.fields["robot"]
        robots.queryset = Robot.objects.filter(company_id=user.company_id, is_active=True).exclude(sealed_address="")
        robots.empty_label = _("None")
        self.fields["daily_at"].help_text = _("Counts where notices are sent once a day.")
        if not robots.queryset.exists():
            robots.help_text = _(
                "None is set up yet: a system administrator adds group robots of WeCom, DingTalk or Lark in the settings."
            )
        self.fields["mail"].help_text = user.email or _("No mail address is on file.")
        self.user = user

    def clean_mail(self) -> bool:
        wanted: bool = self.cleaned_data["mail"]
        if wanted and not self.user.email:
            raise forms.ValidationError(_("No mail address is on file."))
        return wanted


@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Mail, group robot, rhythm and quiet hours of one's own notices (BEYOND-07)."""
    user = cast(User, request.user)
    row = Choice.objects.filter(user=user).first() or Choice(user=user)
    form = ChoiceForm(request.POST or None, instance=row, user=user)
    if request.method == "POST" and form.is_valid():
        work.unit_of_work(form.save)
        messages.success(request, _("Saved."))
        return redirect("notice-choice")
    recent = Delivery.objects.filter(user=user).select_related("notice").order_by("-pk")[:10]
    context = {"form": form, "recent": recent}
    return render(request, "channels/choice.html", context, status=422 if request.method == "POST" else 200)
