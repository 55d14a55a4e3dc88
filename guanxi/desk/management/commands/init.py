"""`guanxi init`: the first company, its roles, its headquarters and its first account, without demonstration data."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guanxi.kernel import work
from guanxi.kernel.errors import Refused
from guanxi.org.models import Department, Role, User
from guanxi.org.services import furnish, open_account, start
from guanxi.org.services.accounts import new_password


class Command(BaseCommand):
    help = "Create a company with the preset roles and one account; its initial password is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", required=True, help="full name of the company")
        parser.add_argument("--admin", required=True, help="sign-in name of the first account")
        parser.add_argument("--name", default="", help="the person's name; the sign-in name if left out")
        parser.add_argument("--code", default="main", help="short code of the company")
        parser.add_argument("--role", default="owner", help="code of the first account's role")

    def handle(self, *args: Any, **options: Any) -> None:
        password = new_password()

        def body() -> User:
            company = start(options["company"], options["code"])
            furnish(company)
            roles = {role.code: role for role in Role.objects.filter(company=company)}
            if options["role"] not in roles:
                raise Refused(f"There is no role {options['role']!r}: choose one of {', '.join(roles)}.")
            headquarters = Department.objects.get(company=company, code="hq")
            first = open_account(
                company, roles=[roles[options["role"]]], password=password, username=options["admin"],
                name=options["name"] or options["admin"], department=headquarters, must_change_password=True,
            )  # fmt: skip
            headquarters.head = first  # whom approvals climb to
            headquarters.save(update_fields=["head"])
            return first

        try:
            user = work.unit_of_work(body, verb="org.init")
        except (Refused, ValidationError) as error:
            raise CommandError(
                "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            ) from error
        self.stdout.write(f"{user.company.name}\n  sign-in name:     {user.username}\n  initial password: {password}\n")
        self.stdout.write("It is printed once and has to be replaced at the first sign-in.")
