"""Notices beside the page: the exact requests robots get, mail, each person's choice, digest, quiet hours, second attempts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from guanxi.channels.models import Choice, Delivery, Robot
from guanxi.channels.services import robots as robot_verbs
from guanxi.channels.times import leaves_at
from guanxi.conftest import Hire, saved
from guanxi.formats.workdays import PACKAGED
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company
from guanxi.org.models import Department, Notice, User
from guanxi.org.services import tell

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)  # a Tuesday
SECRET = "SEC-小-1"


class Receiver(HTTPServer):
    """Takes what robots are sent and answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taker)
        self.taken: list[dict[str, Any]] = []
        self.answers: list[tuple[int, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Taker(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append({"path": self.path, "type": self.headers["Content-Type"], "body": json.loads(body)})
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, {"errcode": 0, "code": 0})
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: Any) -> None:
        return None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def robot(company: Company, receiver: Receiver, kind: str = "wecom", secret: str = "", **values: Any) -> Robot:
    row = Robot(company=company, name=f"群{kind}", kind=kind, **values)
    row.connect(f"{receiver.address}?key=K1" if kind != "lark" else receiver.address, secret)
    return saved(row)


def choice(user: User, **values: Any) -> Choice:
    return Choice.objects.create(user=user, **values)


def notice(user: User, text: str = "东海电机明天到期，电话 13912345678") -> None:
    work.unit_of_work(lambda: tell([user], text, url="/customers/1/"))


def send(moment: datetime = NOON) -> None:
    with clock.shifted(moment):
        jobs.task("channels.send").enqueue()
        jobs.work_off()


@pytest.fixture(autouse=True)
def told(settings: Any) -> None:
    settings.PUBLIC_URL = "https://crm.example"


@pytest.mark.req("BEYOND-07")
def test_wecom_gets_its_text_with_a_mention_and_no_customer(company: Company, seller: User, receiver: Receiver) -> None:
    seller.phone = "13800001111"
    saved(seller)
    with clock.shifted(NOON):
        choice(seller, robot=robot(company, receiver))
        notice(seller)
        notice(seller, "第二条")
    send()
    assert receiver.taken == [
        {
            "path": "/hook?key=K1",
            "type": "application/json; charset=utf-8",
            "body": {
                "msgtype": "text",
                "text": {
                    "content": "林知远有 2 条新提醒。\nhttps://crm.example/notifications/",
                    "mentioned_mobile_list": ["13800001111"],
                },
            },
        }
    ]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    send(NOON + timedelta(minutes=1))
    assert len(receiver.taken) == 1


@pytest.mark.req("BEYOND-07")
def test_dingtalk_is_signed_in_the_address_in_milliseconds(company: Company, seller: User, receiver: Receiver) -> None:
    with clock.shifted(NOON):
        choice(seller, robot=robot(company, receiver, "dingtalk", SECRET, shows_text=True))
        notice(seller, "方案已批准")
    send()
    [taken] = receiver.taken
    query = parse_qs(urlsplit(taken["path"]).query)
    stamp = str(int(NOON.timestamp() * 1000))
    expected = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query == {"key": ["K1"], "timestamp": [stamp], "sign": [base64.b64encode(expected).decode()]}
    assert taken["body"]["at"] == {"atMobiles": [], "isAtAll": False}
    content = "林知远有 1 条新提醒。\n· 方案已批准\nhttps://crm.example/notifications/"
    assert (taken["body"]["msgtype"], taken["body"]["text"]) == ("text", {"content": content})


@pytest.mark.req("BEYOND-07")
def test_lark_is_signed_in_the_body_in_seconds(company: Company, seller: User, receiver: Receiver) -> None:
    with clock.shifted(NOON):
        choice(seller, robot=robot(company, receiver, "lark", SECRET))
        notice(seller)
    send()
    [taken] = receiver.taken
    stamp = str(int(NOON.timestamp()))
    expected = hmac.new(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert taken["path"] == "/hook"
    assert taken["body"] == {
        "msg_type": "text",
        "content": {"text": "林知远有 1 条新提醒。\nhttps://crm.example/notifications/"},
        "timestamp": stamp,
        "sign": base64.b64encode(expected).decode(),
    }


@pytest.mark.req("BEYOND-07")
def test_mail_says_what_it_is_about_and_where_to_open_it(company: Company, seller: User, rival: User) -> None:
    seller.email = "lin@yuanhang.example"
    saved(seller)
    with clock.shifted(NOON):
        choice(seller, mail=True)
        notice(seller, "合同待审批")
        notice(rival, "别人的")
    send()
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["lin@yuanhang.example"], "【远航】合同待审批")
    assert "· 合同待审批\n  https://crm.example/customers/1/" in sent.body and "别人的" not in sent.body


@pytest.mark.req("BEYOND-07")
def test_what_was_read_in_the_page_is_not_sent(company: Company, seller: User, receiver: Receiver) -> None:
    with clock.shifted(NOON):
        choice(seller, robot=robot(company, receiver))
        notice(seller)
        Notice.objects.update(read_at=clock.now())
    send()
    assert receiver.taken == [] and Delivery.objects.get().state == "dropped"


@pytest.mark.req("BEYOND-07")
def test_a_failed_message_is_tried_again_and_a_busy_robot_rests(
    company: Company, seller: User, receiver: Receiver
) -> None:
    with clock.shifted(NOON):
        row = robot(company, receiver)
        choice(seller, robot=row)
        notice(seller)
    receiver.answers = [(500, {}), (200, {"errcode": 45009, "errmsg": "api freq out of limit"})]
    send()
    one = Delivery.objects.get()
    assert (one.state, one.attempts, one.due_at, one.problem) == ("waiting", 1, NOON + timedelta(minutes=1), "HTTP 500")
    send(NOON)
    assert len(receiver.taken) == 1
    send(NOON + timedelta(minutes=1))
    row.refresh_from_db()
    assert row.blocked_until == NOON + timedelta(minutes=11) and "45009" in row.problem
    send(NOON + timedelta(minutes=12))
    assert Delivery.objects.get().state == "sent" and len(receiver.taken) == 3


@pytest.mark.req("BEYOND-07")
def test_after_five_failures_it_is_given_up(company: Company, seller: User, receiver: Receiver) -> None:
    with clock.shifted(NOON):
        choice(seller, robot=robot(company, receiver))
        notice(seller)
    receiver.answers = [(200, {"errcode": 93000, "errmsg": "invalid webhook url"})] * 9
    for hours in range(9):
        send(NOON + timedelta(hours=3 * hours))
    assert len(receiver.taken) == 5 and Delivery.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("values", "now", "expected"),
    [
        ({}, "2026-11-24 12:00", "2026-11-24 12:00"),
        ({}, "2026-11-24 21:30", "2026-11-25 08:00"),  # quiet over midnight
        ({}, "2026-11-24 03:00", "2026-11-24 08:00"),
        ({}, "2026-11-21 12:00", "2026-11-23 08:00"),  # Saturday to Monday
        ({"workdays_only": False}, "2026-11-21 12:00", "2026-11-21 12:00"),
        ({}, "2026-02-14 12:00", "2026-02-14 12:00"),  # a Saturday worked
        ({"rhythm": "daily"}, "2026-11-24 08:00", "2026-11-24 08:30"),
        ({"rhythm": "daily"}, "2026-11-24 09:00", "2026-11-25 08:30"),
        ({"rhythm": "daily"}, "2026-11-20 09:00", "2026-11-23 08:30"),
        ({"quiet_from": "12:00", "quiet_until": "13:30"}, "2026-11-24 12:30", "2026-11-24 13:30"),
        ({"quiet_from": "08:00", "quiet_until": "08:00"}, "2026-11-24 03:00", "2026-11-24 03:00"),  # no quiet hours
    ],
)
@pytest.mark.req("BEYOND-07")
def test_messages_leave_outside_quiet_hours_or_together(values: dict[str, Any], now: str, expected: str) -> None:
    found = leaves_at(datetime.fromisoformat(now).replace(tzinfo=SHANGHAI), Choice(**values), PACKAGED)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)


@pytest.mark.req("BEYOND-07")
def test_each_person_chooses(
    client: Client, company: Company, seller: User, receiver: Receiver, other_company: Company
) -> None:
    mine, theirs = robot(company, receiver), robot(other_company, receiver)
    client.force_login(seller)
    page = reverse("notice-choice")
    values = {
        "rhythm": "daily",
        "daily_at": "08:30",
        "quiet_from": "20:00",
        "quiet_until": "08:00",
        "workdays_only": "on",
    }
    assert client.post(page, {**values, "robot": theirs.pk}).status_code == 422
    assert client.post(page, {**values, "mail": "on"}).status_code == 422  # no address on file
    assert client.post(page, {**values, "robot": mine.pk}).status_code == 302
    with clock.shifted(NOON):
        notice(seller)
    due = Delivery.objects.get().due_at
    assert due == datetime(2026, 11, 25, 8, 30, tzinfo=SHANGHAI)
    shown = client.get(page).content.decode()
    assert "11-25 08:30" in shown


@pytest.mark.req("BEYOND-07")
def test_the_address_of_a_robot_is_stored_sealed_and_shown_to_nobody(
    client: Client, company: Company, hire: Hire, headquarters: Department, seller: User
) -> None:
    keeper = hire("keeper", "system-administrator", headquarters)
    row = saved(Robot(company=company, name="销售群", kind="dingtalk"))
    with pytest.raises(Refused):
        robot_verbs.connect(row, actor=keeper, address="http://example.com/hook", secret="")
    client.force_login(keeper)
    sent = {"address": "https://robot.example/send?access_token=T0K3N", "secret": "S3CR3T", "key": "k"}
    client.post(reverse("record-verb", args=["robots", row.pk, "connect"]), sent)
    row.refresh_from_db()
    assert (row.address, row.secret) == (sent["address"], sent["secret"])
    stored = " ".join(map(str, Robot.objects.filter(pk=row.pk).values_list()))
    pages = [record_url("robots", row.pk), reverse("record-history", args=["robots", row.pk])]
    for text in (stored, *(client.get(page).content.decode() for page in pages)):
        assert "T0K3N" not in text and "S3CR3T" not in text and row.sealed_address not in text.replace(stored, "")
    client.force_login(seller)
    assert client.get(pages[0]).status_code == 403


def test_a_robot_sealed_by_another_installation_says_so(
    company: Company, seller: User, receiver: Receiver, settings: Any
) -> None:
    with clock.shifted(NOON):
        row = robot(company, receiver)
        choice(seller, robot=row)
        notice(seller)
    settings.SECRET_KEY = "another-installation"
    send()
    row.refresh_from_db()
    assert "连接机器人" in row.problem and Delivery.objects.get().state == "waiting" and not receiver.taken
