"""The questionnaire a new company starts with: about 25 questions, under five minutes, in words that anybody reads at once.

Overall satisfaction comes first, before the details colour it; what only some met with is asked only of them.
"""

from dataclasses import dataclass, field

Labels = tuple[tuple[str, str, str], ...]  # (value, Chinese, English)

SATISFACTION: Labels = (
    ("1", "很不满意", "Very dissatisfied"),
    ("2", "不太满意", "Dissatisfied"),
    ("3", "一般", "Neither"),
    ("4", "比较满意", "Satisfied"),
    ("5", "很满意", "Very satisfied"),
)
EXPECTATION: Labels = (
    ("1", "差很多", "Much worse"),
    ("2", "差一些", "Somewhat worse"),
    ("3", "差不多", "About the same"),
    ("4", "好一些", "Somewhat better"),
    ("5", "好很多", "Much better"),
)
IDEAL: Labels = (
    ("1", "差得很远", "Very far from it"),
    ("2", "比较远", "Far from it"),
    ("3", "一半一半", "Halfway"),
    ("4", "比较接近", "Close to it"),
    ("5", "非常接近", "Very close to it"),
)
YES_NO: Labels = (("yes", "有", "Yes"), ("no", "没有", "No"))
TENURE: Labels = (("owner", "业主或家属", "Owner or owner's family"), ("tenant", "租户", "Tenant"))
YEARS: Labels = (
    ("1", "不到 1 年", "Less than 1 year"),
    ("2", "1–3 年", "1–3 years"),
    ("3", "3–10 年", "3–10 years"),
    ("4", "10 年以上", "More than 10 years"),
)


@dataclass(frozen=True)
class Q:
    """A question: ``code`` is a service item's where it is about one."""

    code: str
    text: str
    text_en: str
    kind: str = "scale"
    options: Labels = ()
    no_contact: bool = True
    hint: str = ""
    hint_en: str = ""


@dataclass(frozen=True)
class B:
    """A block of questions; ``gate`` is the code of the question that opens it, with the answer ``yes``."""

    title: str
    title_en: str
    questions: tuple[Q, ...] = field(default=())
    gate: str = ""
    shuffled: bool = True
    background: bool = False
    hint: str = ""
    hint_en: str = ""


def _about(code: str, text: str, text_en: str) -> Q:
    return Q(code, text, text_en)


CODE = "half-year"
TITLE, TITLE_EN = "住户满意度调查", "Resident satisfaction survey"
INTRO = "请您家一位了解情况的成年人，按过去半年的感受来答。没有对错；没接触过的，选“没接触过”就好。"
INTRO_EN = (
    "Please let one adult who knows your household's experience answer, thinking of the past six months. "
    "There are no right or wrong answers; if you had nothing to do with something, choose “No contact”."
)
NAMELESS = "请不要写姓名、房号、电话，也不要点名具体的人。"
NAMELESS_EN = "Please write no names, home numbers or phone numbers, and do not name individual people."

BLOCKS: tuple[B, ...] = (
    B(
        "总体感受",
        "Overall",
        (
            Q(
                "overall",
                "总的来说，您对物业服务满意吗？",
                "Overall, how satisfied are you with the property service?",
                no_contact=False,
            ),
            Q(
                "expectation",
                "和您原来的期望相比，实际的服务怎么样？",
                "Compared with what you expected, how is the service?",
                options=EXPECTATION,
            ),
            Q(
                "ideal",
                "您心里理想的物业服务，我们离它有多近？",
                "How close are we to the property service you would call ideal?",
                options=IDEAL,
            ),
        ),
        shuffled=False,
    ),
    B(
        "客户服务与人员态度",
        "Customer service and staff",
        (
            _about(
                "service.desk", "到客服前台办事，方便、有人管吗？", "When you go to the front desk, is it easy and are you helped?"
            ),
            _about("service.hotline", "打客服电话，接得快、说得清吗？", "When you call us, do we answer quickly and clearly?"),
            _about("staff.attitude", "工作人员的态度怎么样？", "How courteous are our staff?"),
        ),
    ),
    B(
        "投诉",
        "Complaints",
        (
            Q(
                "complaint.made",
                "过去半年，您家向物业投诉过吗？",
                "Did your household complain to us in the past six months?",
                "single",
                YES_NO,
                False,
            ),
        ),
    ),
    B(
        "投诉处理",
        "How your complaint was handled",
        (
            _about("complaint.handling", "您的投诉，处理得怎么样？", "How well was your complaint handled?"),
            _about(
                "complaint.followup",
                "处理结果，告诉您了吗、说清楚了吗？",
                "Were you told the result, and was it explained clearly?",
            ),
        ),
        gate="complaint.made",
    ),
    B(
        "设施维护",
        "Facilities",
        (
            _about("facility.lift", "电梯好用、安全吗？", "Do the lifts work well and safely?"),
            _about(
                "facility.water_fire", "供水和消防设施维护得怎么样？", "How well are water supply and fire equipment maintained?"
            ),
            _about(
                "facility.lighting_roads", "楼道、路灯和道路维护得怎么样？", "How well are corridors, lights and roads maintained?"
            ),
            _about(
                "facility.outage_notice",
                "停电梯、停水前，通知得及时吗？",
                "Are you told in good time before lifts or water are shut off?",
            ),
        ),
    ),
    B(
        "报修",
        "Repairs",
        (
            Q(
                "repair.made",
                "过去半年，您家报修过吗？",
                "Did your household ask for a repair in the past six months?",
                "single",
                YES_NO,
                False,
            ),
        ),
    ),
    B(
        "报修服务",
        "Your repair",
        (
            _about("repair.home", "报修后，来得快、修得好吗？", "After you reported it, did we come quickly and repair it well?"),
            _about("repair.public", "楼里公共部位坏了，修得及时吗？", "When shared parts break, are they repaired in time?"),
        ),
        gate="repair.made",
    ),
    B(
        "安全与停车",
        "Safety and parking",
        (
            _about("safety.gate", "门岗和外来人员管理，让您放心吗？", "Do gates and visitor control make you feel safe?"),
            _about("safety.fire_lane", "消防通道和电动车管得怎么样？", "How well are fire lanes and e-bikes kept in order?"),
            _about("parking.order", "停车秩序管得怎么样？", "How well is parking kept in order?"),
        ),
    ),
    B(
        "环境",
        "Surroundings",
        (
            _about("environment.cleaning", "楼道和园区干净吗？", "Are corridors and grounds clean?"),
            _about("environment.waste", "垃圾收得及时、分类方便吗？", "Is waste collected in time and easy to sort?"),
            _about("environment.green", "花草树木养护得怎么样？", "How well are plants and trees looked after?"),
        ),
    ),
    B(
        "公开与社区生活",
        "Openness and community life",
        (
            _about("openness.accounts", "收支和大事，公开得清楚吗？", "Are accounts and important matters made public clearly?"),
            _about("life.events", "社区活动办得怎么样？", "How are the community events?"),
        ),
    ),
    B(
        "值不值",
        "Value",
        (
            _about("value.service", "按交的物业费，您觉得服务值吗？", "For the fee you pay, is the service worth it?"),
            Q(
                "recommend",
                "如果亲友要买房或租房，您有多愿意推荐这个小区？",
                "If friends looked for a home, how likely would you recommend this community?",
                "ten",
                no_contact=False,
                hint="0 是绝不推荐，10 是非常愿意。",
                hint_en="0 is never, 10 is most certainly.",
            ),
        ),
        shuffled=False,
    ),
    B(
        "您想说的",
        "In your words",
        (
            Q("open.improve", "您最希望我们改进什么？", "What should we improve first?", "text", (), False),
            Q("open.good", "哪一点您觉得做得好？", "What do we do well?", "text", (), False),
        ),
        shuffled=False,
        hint=NAMELESS,
        hint_en=NAMELESS_EN,
    ),
    B(
        "最后两题",
        "Two last questions",
        (
            Q("tenure", "您是这套房子的……", "You live here as …", "single", TENURE, False),
            Q("years", "您住在这里多久了？", "How long have you lived here?", "single", YEARS, False),
        ),
        shuffled=False,
        background=True,
    ),
)
