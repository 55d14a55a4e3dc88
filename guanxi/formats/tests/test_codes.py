"""Codes and numbers: right ones pass in their normal form, wrong ones say how to mend them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.formats import codes
from guanxi.formats.codes import check_resident_id, check_uscc, mask_phone, parse_phone
from guanxi.formats.values import BadValue, clean_digits

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def complaint(check: object, text: str) -> str:
    with pytest.raises(BadValue) as refusal:
        check(text)  # type: ignore[operator]
    return str(refusal.value.message)


@pytest.mark.parametrize("code", ["91110000600037341L", "91330100799655058B", "N2330106MF1234567L"])
def test_right_credit_codes_pass(code: str) -> None:
    assert check_uscc(code) == code


def test_a_credit_code_is_normalised() -> None:
    assert check_uscc(" ９１１１００００-600037341l ") == "91110000600037341L"


def test_a_wrong_check_character_names_the_expected_one() -> None:
    with pytest.raises(BadValue) as refusal:
        check_uscc("911100006000373417")
    assert refusal.value.params == {"expected": "L", "found": "7"}


def test_a_short_credit_code_says_how_long_it_is() -> None:
    with pytest.raises(BadValue) as refusal:
        check_uscc("9111000060003734")
    assert refusal.value.params == {"n": 16}


def test_a_lookalike_letter_brings_a_suggestion_but_no_silent_change() -> None:
    with pytest.raises(BadValue) as refusal:
        check_uscc("9111OOOO600037341L")
    assert refusal.value.params == {"character": "O", "guess": "91110000600037341L"}


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_noticed(body: str, place: int, other: str) -> None:
    code = body + codes._uscc_check(body)
    assert check_uscc(code) == code
    changed = code[:place] + other + code[place + 1 :]
    if changed != code:
        assert complaint(check_uscc, changed)


def test_identity_numbers() -> None:
    assert check_resident_id("330106199001010018") == "330106199001010018"
    assert check_resident_id("330113199001010011") == "330113199001010011"
    assert "does not exist" in complaint(check_resident_id, "110101199002290012")
    assert "does not fit" in complaint(check_resident_id, "330106199001010019")
    assert check_resident_id("330106900101001", allow_old=True) == "330106900101001"
    assert "18 characters" in complaint(check_resident_id, "330106900101001")
    assert codes.mask_id("330106199001010018") == "330***********0018"


@pytest.mark.parametrize(
    ("text", "digits", "kind", "ext"),
    [
        ("13812346621", "13812346621", "mobile", ""),
        ("+86 138-1234-6621", "13812346621", "mobile", ""),
        ("0086 13812346621", "13812346621", "mobile", ""),
        ("86-13812346621", "13812346621", "mobile", ""),
        ("8613812346621", "13812346621", "mobile", ""),
        ("013812346621", "13812346621", "mobile", ""),
        ("１３８１２３４６６２１", "13812346621", "mobile", ""),
        ("13812346621.0", "13812346621", "mobile", ""),
        ("1.3812346621E+10", "13812346621", "mobile", ""),
        ("0571-88886666", "057188886666", "landline", ""),
        ("(010) 88886666", "01088886666", "landline", ""),
        ("+86 (0)571 8888 6666", "057188886666", "landline", ""),
        ("+86 10 88886666", "01088886666", "landline", ""),
        ("0571-88886666转801", "057188886666", "landline", "801"),
        ("0571-88886666（分机：801）", "057188886666", "landline", "801"),
        ("0571-88886666-801", "057188886666", "landline", "801"),
        ("0755-8888-6666", "075588886666", "landline", ""),
        ("400-800-1024", "4008001024", "service", ""),
        ("95588", "95588", "service", ""),
        ("10086", "10086", "service", ""),
        ("+852 2123 4567", "0085221234567", "foreign", ""),
        ("001 415 555 2671", "0014155552671", "foreign", ""),
    ],
)
def test_phones_are_read_as_people_write_them(text: str, digits: str, kind: str, ext: str) -> None:
    phone = parse_phone(text)
    assert (phone.digits, phone.kind, phone.ext, phone.raw) == (digits, kind, ext, text)


def test_bad_phones_say_why() -> None:
    assert "shortened" in complaint(parse_phone, "1.38E+10")
    assert "area code" in complaint(parse_phone, "88886666")
    assert "11 digits" in complaint(parse_phone, "1381234662")
    assert "11 digits" in complaint(parse_phone, "1064812345678")
    for hotline in ("12345", "110", "120", "12315", "123"):
        assert "0571-88886666" in complaint(parse_phone, hotline)
    assert "one phone number" in complaint(parse_phone, "13812346621/13912346621")
    assert "one phone number" in complaint(parse_phone, "无")
    assert "one phone number" in complaint(parse_phone, "")


def test_phones_show_and_dial() -> None:
    assert str(parse_phone("057188886666转801")) == "0571-88886666-801"
    assert parse_phone("057188886666").e164 == "+8657188886666"
    assert parse_phone("+85221234567").e164 == "+85221234567"
    assert parse_phone("13812346621").last4 == "6621"


def test_masks_keep_the_ends() -> None:
    assert mask_phone("13812346621") == "138****6621"
    assert mask_phone("0571-88886666") == "0571****6666"
    assert mask_phone("88886666") == "****6666"
    assert mask_phone("12345") == "*****"
    assert codes.mask_tail("6222020200112233") == "**** 2233"


@given(st.text(max_size=30))
def test_no_text_breaks_the_phone_reader(text: str) -> None:
    try:
        phone = parse_phone(text)
    except BadValue:
        return
    assert parse_phone(phone.digits).digits == phone.digits
    assert mask_phone(text) != phone.digits or len(phone.digits) < 4


def test_other_codes() -> None:
    assert codes.check_email(" Li.Lei＠Example。COM ") == "Li.Lei@example.com"
    assert "looks like" in complaint(codes.check_email, "lilei")
    assert codes.check_postcode("310000") == "310000"
    assert codes.check_bank_account("1202 0222-19900012345") == "1202022219900012345"
    assert codes.check_card("4111111111111111") == "4111111111111111"
    assert "contradicts" in complaint(codes.check_card, "4111111111111112")
    assert codes.check_tax_id("91330100799655058B") == "91330100799655058B"
    assert codes.check_tax_id("330106199001010018") == "330106199001010018"
    assert codes.check_tax_id("330106123456789") == "330106123456789"
    assert codes.check_invoice_number("24332000000123456789") == "24332000000123456789"
    assert "shortened" in complaint(clean_digits, "6.22E+18")


def test_an_invoice_header_is_judged_by_the_kind_of_invoice() -> None:
    header = {"title": "测试公司", "tax_id": "91330100799655058B"}
    assert codes.invoice_header_problems(header) == {}
    assert sorted(codes.invoice_header_problems(header, special=True)) == [
        "address",
        "bank",
        "bank_account",
        "phone",
    ]
    assert list(codes.invoice_header_problems({**header, "tax_id": "123"})) == ["tax_id"]
