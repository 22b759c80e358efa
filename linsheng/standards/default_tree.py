"""The service-item tree a new company starts with: two levels, plain data, editable by the company afterwards.

Codes are stable keys (``dimension.item``); names are what people read; icons are Tabler icon names.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A service item: what a case, a promise, a question or a course points at."""

    code: str
    name: str
    name_en: str
    icon: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of service items, shown as one heading."""

    code: str
    name: str
    name_en: str
    icon: str
    items: tuple[Item, ...]


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "service",
        "客户服务",
        "Customer service",
        "headset",
        (
            Item("service.desk", "前台接待", "Front desk", "user-heart"),
            Item("service.hotline", "服务热线", "Service hotline", "phone-call"),
            Item("service.procedures", "手续办理", "Procedures and permits", "file-certificate"),
        ),
    ),
    Dimension(
        "staff",
        "人员态度",
        "Staff attitude",
        "mood-smile",
        (
            Item("staff.attitude", "服务态度", "Courtesy", "mood-smile"),
            Item("staff.professional", "专业能力", "Professional skill", "id-badge-2"),
        ),
    ),
    Dimension(
        "complaint",
        "投诉处理",
        "Complaint handling",
        "message-exclamation",
        (
            Item("complaint.handling", "投诉处理", "How complaints are handled", "message-report"),
            Item("complaint.followup", "结果反馈与回访", "Telling the result and calling back", "message-2-check"),
        ),
    ),
    Dimension(
        "facility",
        "设施维护",
        "Facility maintenance",
        "tools",
        (
            Item("facility.lift", "电梯", "Lifts", "elevator"),
            Item("facility.water_fire", "供水消防", "Water supply and fire safety", "droplet"),
            Item("facility.lighting_roads", "照明道路", "Lighting and roads", "bulb"),
            Item("facility.outage_notice", "停机停水通知", "Notice of planned outages", "speakerphone"),
        ),
    ),
    Dimension(
        "repair",
        "报修服务",
        "Repairs",
        "tool",
        (
            Item("repair.home", "户内维修", "Repairs inside the home", "home-cog"),
            Item("repair.public", "公共部位维修", "Repairs of shared parts", "hammer"),
        ),
    ),
    Dimension(
        "safety",
        "安全秩序",
        "Safety and order",
        "shield",
        (
            Item("safety.gate", "门岗出入", "Gates and access", "door-enter"),
            Item("safety.patrol", "巡逻与监控", "Patrols and cameras", "camera"),
            Item("safety.fire_lane", "消防通道与电动车", "Fire lanes and e-bikes", "fire-hydrant"),
        ),
    ),
    Dimension(
        "parking",
        "停车管理",
        "Parking",
        "parking",
        (
            Item("parking.order", "停车秩序", "Parking order", "car"),
            Item("parking.fee", "停车收费", "Parking fees", "coin-yuan"),
            Item("parking.charging", "充电设施", "Charging points", "charging-pile"),
        ),
    ),
    Dimension(
        "environment",
        "环境保洁与绿化",
        "Cleaning and greenery",
        "leaf",
        (
            Item("environment.cleaning", "公共区域保洁", "Cleaning of shared areas", "brush"),
            Item("environment.waste", "垃圾清运与分类", "Waste collection and sorting", "trash"),
            Item("environment.green", "绿化养护", "Greenery", "tree"),
            Item("environment.noise", "噪音", "Noise", "volume"),
            Item("environment.pest", "虫害消杀", "Pest control", "bug"),
        ),
    ),
    Dimension(
        "openness",
        "透明沟通",
        "Open communication",
        "messages",
        (
            Item("openness.accounts", "收支公示", "Published accounts", "report-money"),
            Item("openness.notice", "通知公告", "Notices", "news"),
        ),
    ),
    Dimension(
        "life",
        "社区生活",
        "Community life",
        "users",
        (
            Item("life.events", "社区活动", "Community events", "confetti"),
            Item("life.neighbour", "邻里关系", "Neighbourly relations", "friends"),
            Item("life.pets", "宠物管理", "Pets", "paw"),
        ),
    ),
    Dimension(
        "value",
        "价值与收费",
        "Value and charges",
        "receipt",
        (
            Item("value.fee", "物业费与账单", "Property fee and bills", "receipt"),
            Item("value.service", "质价相符", "Value for money", "scale"),
        ),
    ),
)

ITEMS: tuple[Item, ...] = tuple(item for dimension in DIMENSIONS for item in dimension.items)
"""Every item of the tree in its order."""
