"""Which fields a file may fill, and which column belongs to which field, guessed from Chinese and English headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import override

from guanxi.kernel.entities import Entity
from guanxi.kernel.fields import Field
from guanxi.web.forms import editable
from guanxi.web.lines import child_of

ORIGIN = ("created_at", "created_by")  # old records keep their author and time
LINES = "lines."
LIKENESS, SAME = 0.75, 0.95
_WORDS = {
    "name": "名称 全称 姓名 单位全称 公司全称 企业全称 客户全称 客户名称 公司名称 企业名称 单位名称 客户 company customer fullname account",
    "username": "登录名 用户名 账号 帐号 login account",
    "code": "编号 编码 代码 货号 客户编号 客户代码 no number id",
    "short_name": "简称 客户简称 公司简称 shortname",
    "kind": "性质 客户性质 客户类别 type",
    "parent": "母公司 上级单位 所属集团 集团 parent",
    "industry": "行业 所在行业 客户行业 industry",
    "scale": "规模 人数 员工人数 企业规模 公司规模 employees",
    "source": "来源 获客来源 线索来源 source leadsource",
    "channel": "渠道 channel",
    "number": "单号 编号 订单号 订单编号 合同号 no orderid ordernumber invoiceno",
    "mobile": "手机 手机号 手机号码 移动电话 cellphone",
    "phone": "电话 座机 固话 固定电话 办公电话 手机 手机号 手机号码 电话号码 联系电话 联系方式 mobile tel telephone cellphone",
    "wechat": "微信 微信号 wechatid",
    "website": "官网 网址 主页 url web homepage",
    "email": "邮箱 邮件 电子邮箱 电子邮件 mail",
    "department": "部门 所属部门 门店 dept branch",
    "title": "职务 职位 岗位 position jobtitle",
    "post": "职务 职位 岗位 position jobtitle",
    "birth_date": "生日 出生年月 birthday",
    "owner": "负责人 业务员 业务代表 客户经理 销售员 所属销售 跟进人 归属人 salesperson salesrep salesagent",
    "account": "客户 客户名称 所属客户 所属公司 单位 单位名称 公司 公司名称 customer company",
    "product": "产品 商品 产品名称 商品名称 物料 品名 item sku stockcode",
    "quantity": "数量 件数 qty",
    "price": "单价 售价 价格 unitprice",
    "amount": "金额 总额 合计 total sum",
    "country": "国家 国别 国家地区 nation",
    "currency": "货币 货币种类 结算币种",
    "region_code": "地区 城市 省市 省市区 所在城市 所在地区 区域 city region",
    "address": "地址 详细地址 联系地址",
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 税号 纳税人识别号 uscc taxid",
    "representative": "法人 法人代表 法人姓名",
    "registered_capital": "注册资金",
    "founded_on": "成立时间 注册时间 注册日期",
    "business_scope": "主营 主营业务 主营产品",
    "next_contact_on": "下次跟进 下次跟进时间 下次跟进日期 下次联系时间 下次联系日期 下次回访日期",
    "tags": "标签 客户标签 tag",
    "remark": "备注 说明 描述 note notes remarks comment",
    "ordered_on": "下单日期 订单日期 日期 orderdate invoicedate date",
    "created_at": "创建时间 创建日期 录入时间 建档时间 建档日期 登记日期 createdon createddate createtime",
    "created_by": "创建人 录入人 建档人 登记人 author creator",
}


def fillable(declared: Entity, user: Any) -> dict[str, Field]:
    """Fields a column may be matched with: those the person may type into, the origin, and `lines.…` of a document."""
    fields = editable(declared, user)
    known = declared.fields_for(user.company)
    barred = user.closed_fields(declared.label) | user.masked_fields(declared.label)
    fields |= {name: known[name] for name in (*declared.import_fields, *ORIGIN) if name in known and name not in barred}
    if found := child_of(declared):
        child, via = found
        for name, inner in editable(child, user).items():
            if name != via:
                label = f"{child.singular} · {inner.label}"
                fields[LINES + name] = replace(inner, name=LINES + name, label=label, required=False)
    return fields


def guess(headers: Iterable[str], declared: Entity, fields: dict[str, Field]) -> dict[str, str]:
    """Field name by header; each field at most once, surest matches first; headers that resemble nothing are left out."""
    names, itself = {name: _names(found, declared) for name, found in fields.items()}, _called(declared)
    rated = []
    for place, header in enumerate(headers):
        plain = _plain(header)
        for order, name in enumerate(fields):
            likeness = max(
                (_likeness(plain, known, rank) for rank, known in enumerate(names[name]) if known), default=0
            )
            if plain and likeness >= (SAME if plain in itself else LIKENESS):
                rated.append((-likeness, order, place, header, name))
    found: dict[str, str] = {}
    for _likely, _order, _place, header, name in sorted(rated):
        if header not in found and name not in found.values():
            found[header] = name
    return found


def _called(declared: Entity) -> set[str]:
    """The kind of row itself: such a header names its rows and is not half of some field's name (联系人, 联系人性别)."""
    words = set()
    for language in ("zh-hans", "en"):
        with override(language):
            words.add(_plain(str(declared.singular)))
    return words


def _names(found: Field, declared: Entity) -> list[str]:
    """What people call the field, the surest names first: own name and labels, then common words."""
    bare = found.name.removeprefix(LINES)
    names = [found.name, bare.removeprefix("x_")]
    for language in ("zh-hans", "en"):
        with override(language):
            names += [str(found.label), f"{declared.singular}{found.label}", str(found.label).rpartition(" · ")[2]]
            names += [str(declared.singular)] if found.name == declared.name_field else []
    return list(dict.fromkeys(map(_plain, [*names, *_WORDS.get(bare, "").split()])))


def _likeness(header: str, name: str, rank: int) -> float:
    """1 for the same word, less the later it stands among the names; below that only what is nearly the same."""
    if header == name:
        return 1 - min(rank, 30) / 1000
    shorter, longer = sorted((header, name), key=len)
    if len(shorter) >= 3 and shorter in longer:
        return 0.7 + 0.2 * len(shorter) / len(longer)
    return 0.9 * SequenceMatcher(None, header, name).ratio()


def _plain(text: str) -> str:
    """Letters and digits only, without hints in brackets and the mark of required columns."""
    return re.sub(r"[\W_]", "", re.sub(r"[(（\[【].*?[)）\]】]", "", text)).casefold()
