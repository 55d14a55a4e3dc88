"""What nobody should send: values for any parameter, filters, bodies, addresses to be sent to.  Data only."""

from __future__ import annotations

import json

VALUES = (
    "", " ", "0", "-1", "1", "9" * 19, "1" + "0" * 20, "-1" + "0" * 20, "9" * 5000, "1e999", "NaN", "Infinity", "0x10", "1.5",
    "²", "٣", "１２", "\x00", "a\x00b", "\ud7ff", "😀" * 50, "ﷺ" * 200, "a" * 20_000, "'", '"', "' OR 1=1 --", "%", "%s", "{}", "[]",
    '{"all": 1}', "null", "true", "../../etc/passwd", "${7*7}", "{{7*7}}", "<script>alert(1)</script>", "=1+1", "\r\nSet-Cookie: a=b",
    "name,name,name", "owner.owner.owner.name", "__class__", "-name", "--name", "id", "pk", "password", "account__owner", "2026-13-45",
    "0001-01-01", "9999-12-31", "[" * 100_000,
)  # fmt: skip
_ATOMS = (
    {"f": "name", "op": "is", "v": "\x00"}, {"f": "name", "op": ["is"], "v": 1}, {"f": ["name"], "op": "is", "v": 1},
    {"f": "name", "op": "in", "v": ["a"] * 501}, {"f": "owner", "op": "is", "v": 10**30}, {"f": "owner", "op": "in", "v": [10**30, -1]},
    {"f": "owner", "op": "is", "v": 1.5}, {"f": "next_contact_on", "op": "on", "v": "9999-12-31"},
    {"f": "next_contact_on", "op": "on", "v": "0001-01-01"}, {"f": "created_at", "op": "on", "v": "9999-12-31"},
    {"f": "created_at", "op": "on", "v": "0001-01-01"}, {"f": "created_at", "op": "last_days", "v": 36500},
    {"f": "next_contact_on", "op": "last_days", "v": 10**20}, {"f": "next_contact_on", "op": "last_days", "v": -5},
    {"f": "credit_limit", "op": "gt", "v": "1e400"}, {"f": "credit_limit", "op": "gt", "v": "-1e-400"},
    {"f": "credit_limit", "op": "between", "v": [1]}, {"f": "tags", "op": "has_any", "v": []}, {"f": "tags", "op": "has_any", "v": ["|", "%"]},
    {"f": "owner.name", "op": "is", "v": 1}, {"f": "a.b.c.d.e.f", "op": "is", "v": 1}, {"f": ".", "op": "is", "v": 1},
    {"f": "extra", "op": "is", "v": 1}, {"f": "password", "op": "is", "v": "x"}, {"has": "contacts", "count": {"gte": 10**9 - 1}},
    {"has": "contacts", "count": {"gte": -1}}, {"has": 7}, {"has": "contacts", "where": {"has": "dates"}}, {"not": []}, {"all": {}},
    {"any": [[]]}, {"all": [None]}, [1], "x", 7, None, {"x": 1}, {"f": "name", "op": "contains", "v": "a" * 401},
)  # fmt: skip
WHERES = (
    *(json.dumps(atom) for atom in _ATOMS),
    json.dumps({"all": [{"f": "name", "op": "is", "v": "a"}] * 200}),
    '{"not":' * 2000 + "{}" + "}" * 2000, "[" * 100_000, "{", '{"f":"credit_limit","op":"gt","v":1e999}',
    '{"f":"next_contact_on","op":"last_days","v":1e999}', '{"f":"owner","op":"is","v":NaN}', '{"f":"owner","op":"is","v":1e999}',
)  # fmt: skip
_LIST = ("q", "where", "sort", "view", "columns", "after", "layout", "part")
PARAMETERS: dict[str, tuple[str, ...]] = {
    "entity": _LIST, "object": ("before", "after", "version"), "none": ("q",), "pick": ("q",), "bulk": ("id", "all", "where"),
    "bin": (), "verb": ("key",), "tab": ("after", "sort", "columns"), "cell": ("show",), "reveal": (), "thing": ("show",),
    "record-new": ("name", "account", "owner", "kind", "phone", "parent", "ordered_on", "credit_limit"),
    "record-choices": ("q",), "record-export": (), "record-import": (), "import-template": (), "api-collection": (*_LIST, "limit"),
}  # fmt: skip
BODIES = (
    "", "null", "[]", "7", '"x"', "{", "[" * 100_000, '{"name":' * 3000, '{"version": true}', '{"version": 1e999}',
    '{"version": 123456789012345678901234567890}', '{"name": null}', '{"name": ["a", {"b": 1}]}', '{"name": {"a": 1}}', '{"name": "\\u0000"}',
    '{"name": "\\ud800"}', '{"owner": 1e999}', '{"owner": "x"}', '{"owner": -1}', '{"owner": 99999999999999999999999}', '{"owner": [1]}',
    '{"phone": "' + "9" * 5000 + '"}', '{"credit_limit": "1e400"}', '{"credit_limit": "NaN"}', '{"credit_limit": "' + "9" * 400 + '"}',
    '{"next_contact_on": "9999-99-99"}', '{"tags": {"a": 1}}', '{"tags": [[1]]}', '{"is_key": "maybe"}', '{"price": 1e308}', '{"x_none": 1}',
    '{"id": "1", "version": -1}', '{"company": 1}', '{"ordered_on": 7}', '{"amount": {}}',
)  # fmt: skip
REDIRECTS = (
    "https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example", "\\\\evil.example", "http:evil.example", "/%09/evil.example",
    "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "data:text/html,x", "https:///evil.example", " //evil.example", "/..//evil.example",
    "http://127.0.0.1@evil.example/", "/\\/evil.example", "/%5cevil.example", "ftp://evil.example", "//evil%E3%80%82example", "/notifications//../..//evil",
)  # fmt: skip
