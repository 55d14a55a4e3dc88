"""The word lists the demonstration company is made of."""

from __future__ import annotations

from typing import Final

SURNAMES: Final = (
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 "
    "贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 "
    "汤 尹 黎 易 常 武 乔 贺 赖 龚 文 欧阳 上官 司马 诸葛"
).split()
# The first dozen bear more than a third of all people.
SURNAME_WEIGHTS: Final = [70 // (1 + n // 3) + 3 for n in range(len(SURNAMES))]
MALE: Final = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢佳晨亮志建国文博子轩浩然宏达振东立新永康"
FEMALE: Final = "芳娜敏静丽艳娟霞燕玲桂英红梅兰洁颖琳雪慧巧美雅婷玉珍萍璐倩妍晓怡佳欣悦梦琪诗涵若曦思雨淑贞秀云"
BRANDS: Final = "启明宏远华信恒泰天瑞新锐博创安达金鼎汇通盛世卓越联合东方长城海天鼎盛永兴万和嘉业凯旋正大利群佳和昌盛隆源通达伟业腾飞兴隆中科瑞丰泰和顺达德胜德力聚力智源汉唐云帆远景致远力合百川九州同心合众广源信达"
# (GB/T 4754 section, how often, words for the name, business scope)
TRADES: Final = (
    (
        "C",
        30,
        "机械制造 机械设备 精密机械 电气 电子科技 包装 化工 新材料 自动化设备 食品 塑胶 五金制品 汽车零部件",
        "机械零部件加工、制造与销售",
    ),
    ("F", 18, "贸易 商贸 机电设备 五金建材 工贸", "机电设备、五金交电批发与零售"),
    ("E", 12, "建设工程 建筑安装 机电安装 装饰工程", "机电设备安装、建筑工程施工"),
    ("D", 6, "能源科技 热力 水务 燃气", "热力供应、设备维护"),
    ("N", 6, "环保科技 环境工程 水处理", "污水处理设备销售与运维"),
    ("I", 7, "信息技术 软件 智能科技", "软件开发、系统集成"),
    ("G", 5, "物流 供应链管理", "道路货物运输、仓储服务"),
    ("H", 4, "酒店管理 餐饮管理", "餐饮服务、酒店管理"),
    ("K", 4, "物业服务 置业", "物业管理、房屋租赁"),
    ("A", 4, "农业科技 生态农业", "农产品种植与销售"),
    ("Q", 2, "医疗器械 医药", "医疗器械销售"),
    ("M", 2, "检测技术 工程设计", "工程技术咨询"),
)
FORMS: Final = (
    ("有限公司", 72),
    ("有限责任公司", 12),
    ("股份有限公司", 6),
    ("集团有限公司", 3),
    ("经营部", 4),
    ("厂", 3),
)
LEGAL_FORMS: Final = (("股份有限公司", "股份有限公司"), ("经营部", "个体工商户"), ("厂", "个人独资企业"))
STREETS: Final = (
    "中山 人民 解放 建设 和平 文化 科技 创新 滨江 长江 黄河 工业 振兴 迎宾 新华 环城 学院 兴业 金山 银杏".split()
)
POSTS: Final = (
    ("采购经理", "purchaser", 40), ("总经理", "decider", 18), ("设备部部长", "influencer", 14), ("财务主管", "finance", 9),
    ("技术总监", "influencer", 8), ("车间主任", "user", 8), ("办公室主任", "gatekeeper", 3),
)  # fmt: skip
OCCUPATIONS: Final = "个体经营 工程师 教师 医生 公务员 自由职业 技术工人 设计师".split()
TAGS: Final = (
    "价格敏感 重视售后 要求账期 技术型 老客户介绍 大项目 年度框架 急单多 需上门服务 有竞品 决策慢 回款好".split()
)
NEEDS: Final = (
    ("need", "下半年计划扩建一条生产线，需要成套泵阀设备的报价。"), ("need", "现有水泵能耗偏高，想了解变频节能改造方案。"),
    ("need", "希望提供两年期维保服务，并备齐易损件。"), ("need", "新厂区循环水系统需要选型支持。"),
    ("opinion", "上批货包装有破损，希望改用木箱。"), ("opinion", "交货期比约定晚了三天，影响安装进度。"),
    ("opinion", "售后工程师响应及时，问题解决得很彻底。"), ("suggestion", "建议提供在线查询订单和发货进度的方式。"),
    ("suggestion", "建议说明书增加安装视频。"), ("suggestion", "希望按年签框架协议，锁定价格。"),
)  # fmt: skip
CARRIERS: Final = "顺丰速运 德邦快递 跨越速运 京东物流 安能物流 自有车辆".split()
CHANNELS: Final = "门店 电话 上门拜访 网上商城 展会 招投标".split()
BANKS: Final = "工商银行 建设银行 农业银行 中国银行 招商银行 交通银行".split()
MOBILES: Final = "130 131 132 135 136 137 138 139 150 151 152 157 158 159 176 177 178 180 181 182 185 186 187 188 189 198 199".split()
# (category, names with sizes, unit, lowest and highest price, usual cost in percent of the price)
PRODUCTS: Final = (
    ("离心泵", "单级离心泵 多级离心泵 管道离心泵 立式离心泵 自吸泵", "台", 1800, 26000, 66),
    ("阀门", "闸阀 球阀 蝶阀 止回阀 电动调节阀 安全阀", "个", 90, 6800, 62),
    ("电机", "三相异步电动机 变频电机 防爆电机 减速电机", "台", 900, 18000, 74),
    ("传动件", "联轴器 皮带轮 同步带 轴承座 链轮", "套", 60, 1900, 55),
    ("仪表", "压力变送器 电磁流量计 温度传感器 液位计 智能控制器", "台", 260, 9800, 48),
    ("管件", "法兰 弯头 三通 软接头 管卡", "个", 12, 460, 70),
    ("润滑与密封", "机械密封 密封垫片 润滑脂 填料密封 骨架油封", "件", 8, 980, 45),
    ("成套设备", "恒压供水设备 换热机组 加药装置 一体化泵站", "套", 32000, 260000, 79),
    ("技术服务", "年度维保 现场调试 设备大修 节能诊断", "次", 800, 38000, 40),
)
SIZES: Final = ("标准型", "加强型", "耐腐型", "节能型", "DN50", "DN80", "DN100", "DN150")
OWN_BRANDS: Final = ("远航", "远航", "远航", "海泰", "迈科")
# (region, code, supervisor's branches: (city, region code, area code))
REGIONS: Final = (
    ("华东大区", "east", (("杭州", "330100", "0571"), ("上海", "310000", "021"), ("南京", "320100", "025"), ("苏州", "320500", "0512"))),
    ("华南大区", "south", (("广州", "440100", "020"), ("深圳", "440300", "0755"), ("厦门", "350200", "0592"), ("南宁", "450100", "0771"))),
    ("华北大区", "north", (("北京", "110000", "010"), ("天津", "120000", "022"), ("济南", "370100", "0531"), ("郑州", "410100", "0371"))),
)  # fmt: skip
# (department, code, posts: (role code, post, how many))
OFFICES: Final = (
    ("总经理办公室", "board", (("owner", "总经理", 1),)),
    ("客户关系部", "relations", (("relations-specialist", "客户关系专员", 9), ("call-centre", "呼叫中心专员", 6))),
    ("业务部", "business", (("business-department", "业务部经理", 3),)),
    ("连锁运营部", "operations", (("operations-specialist", "连锁运营专员", 3),)),
    ("直销部", "direct", (("direct-sales", "直销专员", 6),)),
    ("市场营销部", "marketing", (("marketing", "市场专员", 4), ("block-administrator", "版块管理员", 1))),
    ("财务部", "finance", (("finance", "财务会计", 5),)),
    ("技术部", "technology", (("technology", "技术工程师", 6),)),
    ("客户服务监督部", "supervision", (("supervision", "服务督察", 3),)),
    ("信息部", "it", (("system-administrator", "系统管理员", 1), ("security-administrator", "安全管理员", 1),
                   ("audit-administrator", "审计管理员", 1))),
)  # fmt: skip
BRANCH: Final = (("store-manager", "店长", 1), ("service-specialist", "客服专员", 2), ("branch-accountant", "分店会计", 1),
                 ("representative", "业务代表", 8))  # fmt: skip
DUTIES: Final = ("strategy", "needs", "satisfaction", "complaints", "training", "analysis")
TEAMS: Final = (
    ("销售团队", "跟进商机与报价"),
    ("客户服务团队", "受理咨询、投诉与回访"),
    ("技术支持团队", "解决安装、调试与质量问题"),
)
