"""How mail programmes introduce what they quote, and how they sign: patterns for one line (or a few joined)."""

import re
from typing import Final

# The first words of a quotation. QQ, Foxmail, Outlook, NetEase, WPS, DingTalk, WeCom, Lotus, Yahoo …
SEPARATOR: Final = re.compile(
    r"(?i)[-_=—–~*\s]{2,}(?:原始邮件|原邮件|原始郵件|原始信件|回复的原邮件|回复的邮件|答复的原邮件|原文"
    r"|original(?: message| mail| email| text)?"
    r"|reply(?:ing)? (?:message|to)|邮件原文|回复邮件)[-_=—–~*\s]{2,}"
    r"|(?:原始邮件|Original Message|以下是原邮件|引用原文)\s?[:：]?"
)
FORWARDED: Final = re.compile(
    r"(?i)[-_=—–*\s]{2,}(?:转发的?(?:邮件|消息|信息|原邮件)(?:信息)?|轉寄的?(?:郵件|訊息)|forwarded (?:message"
    r"|mail|by [^-]{0,80})|forward(?:ed)?)[-_=—–*\s]{2,}"
    r"|(?:begin forwarded message|开始转发的邮件|以下是转发的邮件|下面是被转发的邮件)\s?[:：]?"
)
# "Please answer above this line", which our own mails may say.
ABOVE: Final = re.compile(r"(?i).*(?:请在(?:此|这)(?:条)?线以?上(?:方)?回复|(?:reply|write) above this line).*")
# A line above such a block: it belongs to it.
RULE: Final = re.compile(r"[_=-]{10,}|[-=_]{3,}[^-=_]{1,20}[-=_]{3,}")
# "在 2026-11-25 10:00:00，物业 <a@b> 写道："
# "物业 <a@b> 于2026年11月25日周三 10:00写道：" · "On Wed, …, x wrote:" · "At 2026-… wrote:"
ATTRIBUTION: Final = re.compile(
    r"(?is)\s*(?:"
    r"(?:在|于)\s*\S.{0,300}\d.{0,300}(?:写道|寫道|写到|写)\s*[:：]"
    r"|\S.{0,200}(?:于|在|，|,)\s*\d{4}\s*[年/-].{0,200}(?:写道|寫道|写到)\s*[:：]"
    r"|\d{4}\s*[年/-].{0,200}(?:写道|寫道|写到)\s*[:：]"
    r"|(?:on|at|am|le)\b.{0,300}\d.{0,300}(?:wrote|schrieb|a écrit)\s*[:：]"
    r"|\S.{0,200}<[^<>\s]+@[^<>\s]+>\s*(?:写道|寫道|wrote|said)\s*[:：]"
    r")\s*"
)
ATTRIBUTION_END: Final = re.compile(r"(?i).*(?:写道|寫道|写到|写|wrote|schrieb|a écrit|said)\s*[:：]\s*$")
FIELD: Final = re.compile(
    r"(?i)[\s>|*]*(?P<from>发件人|寄件者|寄件人|發件人|from|发送人)[\s*|]*[:：|].*"
    r"|(?i:[\s>|*]*(?:发送时间|发送日期|寄件日期|傳送時間|日期|时间|發送時間|sent|date|收件人|收件者|to|抄送"
    r"|副本|cc|主\s?题|主旨|主題|subject|附件|attachments?|重要性|importance)"
    r"[\s*|]*[:：|].*)"
)
# What a telephone or a programme adds below.
SIGNATURE: Final = re.compile(
    r"(?i)\s*\[?(?:发自|发送自|来自|從我的|从我的|由我的|sent from|sent via|sent by|get|获取|下载|使用)\s*(?:我的|my)?\s*"
    r"(?:iphone|ipad|ios|android|华为|huawei|荣耀|honor|小米|xiaomi|redmi|oppo|vivo|三星|samsung|一加|魅族|手机"
    r"|安卓|移动设备|微信|企业微信|钉钉|dingtalk|wecom|wps|qq ?邮箱|网易邮箱|163|126|新浪邮箱"
    r"|foxmail|outlook|windows|mail|yahoo|雅虎|gmail|阿里邮箱|139邮箱|189邮箱|飞书|lark|网易|腾讯).{0,60}"
    r"|\s*(?:从我的|从)\s*.{1,20}\s*(?:手机|iphone|ipad|设备)?\s*发送\s*"
)
# Every mark above has one of these: a line without them needs no closer look.
HINT: Final = re.compile(r"(?i)[:：|]|[-_=—–~*\s]{2}|原|引用|转发|上(?:方)?回复|original|forward|above")
DASHES: Final = re.compile(r"-- ?|—— ?")
# The writer says that the answers stand within the quotation: then nothing is folded.
POINTS_BELOW: Final = re.compile(
    r"(?i)(?:见|请看|如|看|在).{0,6}(?:下面|下文|下方|下边|以下|原文|原邮件|邮件中).{0,8}(?:红字|红色|蓝字|蓝色"
    r"|批注|标注|回复|答复|标红|加粗|内)|(?:红字|蓝字|标红|标注)(?:部分|处)?(?:回复|答复|为|是|如下)"
    r"|(?:逐条|逐项|分别).{0,4}(?:回复|答复)(?:如下|在下|见下)|(?:see|answers?|comments?|replies"
    r"|reply).{0,20}(?:inline|in[- ]line|below in|in red|in blue)"
)
