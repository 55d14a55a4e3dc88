"""The organisation: headquarters, regions, branches, teams, and about two hundred people in the preset roles."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from guanxi.desk.demo import words
from guanxi.desk.demo.dice import Dice, districts, latin
from guanxi.formats.regions import Region
from guanxi.kernel.models import Company
from guanxi.org.models import Department, Role, Team, User
from guanxi.org.services import give_roles, seed_roles

PASSWORD = "guanxi-demo"  # noqa: S105 -- printed for everybody who tries the demonstration


@dataclass
class Branch:
    """A branch with the people its customers are shared among."""

    city: str
    area: str
    department: Department
    districts: list[Region]
    sellers: list[User] = field(default_factory=list)


@dataclass
class Organisation:
    company: Company
    branches: list[Branch]
    direct: list[User]
    people: int


class _Builder:
    def __init__(self, company: Company) -> None:
        self.company, self.dice = company, Dice("staff")
        self.roles: dict[str, Role] = seed_roles(company)
        self.password, self.nothing = make_password(PASSWORD), make_password(None)
        self.shown: set[str] = set()
        self.names: set[str] = set()
        self.people = 0

    def department(self, name: str, code: str, kind: str, parent: Department | None, **values: object) -> Department:
        row = Department(company=self.company, name=name, code=code, kind=kind, parent=parent, **values)
        row.save()
        return row

    def person(self, role: str, post: str, department: Department) -> User:
        """The first holder of each role may sign in with the published password, the others not at all."""
        name, _gender = self.dice.person()
        username = base = latin(name)
        number = 1
        while username in self.names:
            number += 1
            username = f"{base}{number}"
        self.names.add(username)
        user = User(
            company=self.company, username=username, name=name, title=post, department=department,
            phone=self.dice.mobile(), email=f"{username}@yuanhang.example",
            password=self.nothing if role in self.shown else self.password,
        )  # fmt: skip
        self.shown.add(role)
        user.save()
        give_roles(user, [self.roles[role]])
        self.people += 1
        return user

    def head(self, department: Department, user: User) -> None:
        department.head = user
        department.save(update_fields=["head", "path"])


def build_staff(company: Company) -> Organisation:
    """Create departments, teams and people; run it inside a unit of work."""
    make = _Builder(company)
    top = make.department("远航设备总部", "hq", "hq", None)
    direct: list[User] = []
    for name, code, posts in words.OFFICES:
        extra = {"duties": list(words.DUTIES)} if code == "relations" else {}
        office = make.department(name, code, "department", top, **extra)
        staff = [make.person(role, post, office) for role, post, count in posts for _n in range(count)]
        make.head(office, staff[0])
        if code == "board":
            make.head(top, staff[0])
        if code == "relations":
            _teams(make, office, staff)
        direct += staff if code == "direct" else []
    branches = [branch for region in words.REGIONS for branch in _region(make, top, region)]
    return Organisation(company, branches, direct, make.people)


def _teams(make: _Builder, office: Department, staff: list[User]) -> None:
    for number, (name, duty) in enumerate(words.TEAMS):
        members = staff[number :: len(words.TEAMS)]
        team = Team(company=make.company, name=name, department=office, lead=members[0], duty=duty)
        team.save()
        team.members.set(members)


def _region(make: _Builder, top: Department, region: tuple[str, str, tuple[tuple[str, str, str], ...]]) -> list[Branch]:
    name, code, cities = region
    area = make.department(name, code, "region", top)
    make.head(area, make.person("supervisor", "区域主管", area))
    branches = []
    for city, region_code, dial in cities:
        department = make.department(f"{city}分公司", f"{code}-{latin(city)}", "branch", area)
        branch = Branch(city, dial, department, districts(region_code))
        for role, post, count in words.BRANCH:
            staff = [make.person(role, post, department) for _n in range(count)]
            if role == "store-manager":
                make.head(department, staff[0])
            if role == "representative":
                branch.sellers = staff
        branches.append(branch)
    return branches
