"""What group robots of WeCom, DingTalk and Lark are sent: address, signature and body, and what their answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

TIMEOUT = 10  # seconds
LONGEST = 2048  # octets of a text
LARGEST_ANSWER = 10_000
TOO_MANY = {"wecom": {45009}, "dingtalk": {130101, 660026}, "lark": {11232, 9499}}


class Trouble(Exception):
    """The message has not arrived; `busy` says that the robot has had too many."""

    def __init__(self, message: str, *, busy: bool = False) -> None:
        super().__init__(message[:200])
        self.busy = busy


@dataclass(frozen=True)
class Target:
    kind: str
    address: str
    secret: str = ""


def request_for(target: Target, text: str, mobiles: Iterable[str], seconds: float) -> tuple[str, dict[str, Any]]:
    """Address and JSON body of a text message sent at this moment (seconds since 1970)."""
    text, at = cut(text), [mobile for mobile in mobiles if mobile]
    match target.kind:
        case "wecom":  # the key in the address is the secret
            body: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
            if at:
                body["text"]["mentioned_mobile_list"] = at
            return target.address, body
        case "dingtalk":
            body = {"msgtype": "text", "text": {"content": text}, "at": {"atMobiles": at, "isAtAll": False}}
            return _signed(target, seconds), body
    body = {"msg_type": "text", "content": {"text": text}}
    if target.secret:
        stamp = str(int(seconds))
        body |= {"timestamp": stamp, "sign": _digest(f"{stamp}\n{target.secret}", "")}
    return target.address, body


def _signed(target: Target, seconds: float) -> str:
    if not target.secret:
        return target.address
    stamp = str(round(seconds * 1000))
    sign = _digest(target.secret, f"{stamp}\n{target.secret}")
    joint = "&" if "?" in target.address else "?"
    return f"{target.address}{joint}timestamp={stamp}&sign={quote_plus(sign)}"


def _digest(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def cut(text: str) -> str:
    """As much of the text as a robot takes, never half a character."""
    data = text.encode()
    return text if len(data) <= LONGEST else data[: LONGEST - 3].decode(errors="ignore") + "…"


class _Stay(urllib.request.HTTPRedirectHandler):
    """An address that sends elsewhere is not followed."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def send(target: Target, text: str, mobiles: Iterable[str], seconds: float) -> None:
    """Hand the message over; Trouble says why it was not taken."""
    url, body = request_for(target, text, mobiles, seconds)
    if urlsplit(url).scheme not in ("https", "http"):
        raise Trouble("No address.")
    data = json.dumps(body, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    asked = urllib.request.Request(url, data, headers, method="POST")  # noqa: S310 -- the scheme has been looked at
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=TIMEOUT) as answer:
            said = json.loads(answer.read(LARGEST_ANSWER))
    except urllib.error.HTTPError as error:
        raise Trouble(f"HTTP {error.code}", busy=error.code == 429) from error
    except (OSError, ValueError) as error:
        raise Trouble(type(error).__name__) from error
    _check(target.kind, said)


def _check(kind: str, said: Any) -> None:
    word = "code" if kind == "lark" else "errcode"
    code = said.get(word) if isinstance(said, dict) else None
    if code != 0:
        words = (said.get("msg") or said.get("errmsg") or "") if isinstance(said, dict) else ""
        raise Trouble(f"{code} {words}", busy=code in TOO_MANY[kind])
