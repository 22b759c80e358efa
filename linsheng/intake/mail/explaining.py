"""The words for what a mail's reader noted: the only module here that knows Django, for its translations."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linsheng.intake.mail.model import AutoSign, Fault

FAULTS: Final[dict[Fault, Promise]] = {
    Fault.EMPTY: _("邮件是空的"),
    Fault.UNREADABLE: _("邮件无法解析，原件已保留"),
    Fault.NO_TEXT: _("邮件没有文字"),
    Fault.HEADERS_BROKEN: _("邮件头有损坏"),
    Fault.HEADERS_TOO_MANY: _("邮件头过多，只读取了一部分"),
    Fault.HEADER_REPEATED: _("只应出现一次的邮件头出现了多次"),
    Fault.HEADER_TOO_LONG: _("邮件头过长，已截短"),
    Fault.CONTROL_CHARACTERS: _("含有控制字符，已去除"),
    Fault.HIDDEN_CHARACTERS: _("含有不可见或反向排列的字符，已去除"),
    Fault.MESSAGE_ID_MISSING: _("没有邮件编号 (Message-ID)"),
    Fault.DATE_MISSING: _("没有日期"),
    Fault.DATE_WRONG: _("日期不可信"),
    Fault.FROM_MISSING: _("没有发件人地址"),
    Fault.FROM_SEVERAL: _("有多个发件人"),
    Fault.FROM_NAME_IS_ADDRESS: _("发件人的名字冒充另一个邮箱地址"),
    Fault.CHARSET_MISSING: _("没有注明字符编码，按内容识别"),
    Fault.CHARSET_UNKNOWN: _("注明的字符编码无人认识，按内容识别"),
    Fault.CHARSET_WRONG: _("注明的字符编码不对，已按内容纠正"),
    Fault.CHARACTERS_LOST: _("有字符无法还原"),
    Fault.ENCODING_UNKNOWN: _("传输编码无人认识，按原样读取"),
    Fault.ENCODING_DAMAGED: _("传输编码有损坏"),
    Fault.BOUNDARY_MISSING: _("邮件各部分的分界不完整，可能缺少内容"),
    Fault.PARTS_TOO_DEEP: _("邮件嵌套过深，深处的内容没有读取"),
    Fault.PARTS_TOO_MANY: _("邮件的部分过多，只读取了一部分"),
    Fault.TEXT_CUT: _("文字过长，只读取了开头"),
    Fault.TEXTS_DIFFER: _("纯文本与网页版的内容不一致"),
    Fault.HTML_TOO_COMPLEX: _("网页版过于复杂，只读取了文字"),
    Fault.REMOTE_IMAGES: _("外部图片没有显示，以免暴露是否已读"),
    Fault.TYPE_DISGUISED: _("有附件的真实类型与名称不符"),
    Fault.DANGEROUS_ATTACHMENT: _("有附件可能是程序或网页，请勿打开"),
    Fault.ENCRYPTED: _("邮件已加密，无法读取"),
    Fault.TNEF: _("附件封装在 winmail.dat 中，没有拆开"),
    Fault.REPORT_BROKEN: _("退信报告不完整"),
}
SIGNS: Final[dict[AutoSign, Promise]] = {
    AutoSign.AUTO_SUBMITTED: _("邮件头注明由程序自动发出"),
    AutoSign.PRECEDENCE: _("邮件头注明为群发或自动邮件"),
    AutoSign.HEADER: _("邮件头注明为自动回复"),
    AutoSign.NULL_RETURN_PATH: _("退信地址为空，只有程序这样发信"),
    AutoSign.SUBJECT: _("主题是自动回复的固定写法"),
    AutoSign.TEXT: _("正文是自动回复的固定写法"),
    AutoSign.SENDER: _("发件地址属于程序，不接收回信"),
    AutoSign.READ_RECEIPT: _("已读回执"),
}


def fault_words(fault: Fault) -> str:
    return str(FAULTS[fault])


def sign_words(sign: AutoSign) -> str:
    return str(SIGNS[sign])
