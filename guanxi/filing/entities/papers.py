"""The numbered forms of registration, filing and inspection."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.org.papers import numbered

numbered("registration", _("New-customer registration"), code="LC 16.06.302.01", title="新顾客登记表")
numbered("questionnaire", _("Exhibition questionnaire"), code="LC 16.06.302.03", title="展会调研问卷")
numbered("card", _("Relationship card"), code="LC 16.06.302.04", title="客户关系卡")
numbered("key_card", _("Card of a key customer"), code="LC 16.06.302.05", title="重点客户卡片")
numbered("verification", _("File verification"), code="LC 16.06.302.06", title="客户档案核对记录")
numbered("report", _("Circulation of inspection results"), code="LC 16.06.302.07", title="客户档案检查通报")
numbered("incentives", _("List of incentives"), code="LC 16.06.302.08", title="正负激励名单")
