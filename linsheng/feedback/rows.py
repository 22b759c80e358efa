"""The workboard's rows as HTML. Built in Python: a template with a dozen tags for each row costs more than all its queries."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linsheng.core.ui.html import badge_html, deadline_html, icon_html
from linsheng.core.ui.looks import look
from linsheng.core.ui.markup import EMPTY, joined, markup
from linsheng.core.ui.moments import deadline_distance, moment_words
from linsheng.feedback.models import CaseState
from linsheng.feedback.queries.lines import Listed
from linsheng.standards.models import Urgency

# The heads of the columns; on a phone they stand in each cell.
HEADS = {
    "due": gettext_lazy("时限"),
    "number": gettext_lazy("编号"),
    "text": gettext_lazy("内容"),
    "item": gettext_lazy("项目"),
    "home": pgettext_lazy("case", "房屋"),
    "handler": gettext_lazy("处理人"),
    "state": gettext_lazy("状态"),
}
# The words are filled in once a page, what stands in double braces once a row.
ROW = (
    '<tr data-href="{{0}}"{{1}}>{{2}}'
    '<td data-label="{due}" class="due nowrap">{{3}}</td>'
    '<td data-label="{number}" class="nowrap figures">{{4}}</td>'
    '<td class="main"><a href="{{0}}">{{5}}</a>{{6}}</td>'
    '<td data-label="{item}">{{7}}</td>'
    '<td data-label="{home}" class="nowrap">{{8}}</td>'
    '<td data-label="{handler}" class="handler nowrap">{{9}}</td>'
    '<td data-label="{state}" class="state">{{10}}</td></tr>'
)
CHECK = (
    '<td class="check"><label class="check-cell">'
    '<input class="form-check-input" type="checkbox" name="ids" value="{}" aria-label="{}"></label></td>'
)
ASSIGN = '<a class="cell-action" href="{}?next={}">{}{}</a>'
CLAIM = '<button class="btn btn-primary btn-small" formaction="{}" name="claim" value="1">{}</button>'
NONE = SafeString('<span class="muted">—</span>')


class Rows:
    """The rows of one page: what many of them share is made once."""

    def __init__(self, lines: Iterable[Listed], *, now: datetime, here: str, checks: bool) -> None:
        self.lines, self.now, self.checks = list(lines), now, checks
        self.back = quote(here)
        self.form = markup(ROW, **HEADS)
        self.states = {value: self._badge("state", value, label, "badge-state") for value, label in CaseState.choices}
        self.urgencies = {value: self._badge("urgency", value, label, "badge-chip") for value, label in Urgency.choices}
        self.urgencies[Urgency.NORMAL] = EMPTY
        self.assign, self.claim = _("指派"), _("领取")

    def __bool__(self) -> bool:
        return bool(self.lines)

    def __str__(self) -> str:
        return self.html()

    @staticmethod
    def _badge(subject: str, value: str, label: object, extra: str) -> SafeString:
        found = look(subject, value)
        return markup(" {}", badge_html(str(label), found.tone, found.icon, extra))

    def html(self) -> SafeString:
        """All rows, for the body of the table."""
        return joined(self._row(line) for line in self.lines)

    def _row(self, line: Listed) -> SafeString:
        case = line.case
        return markup(
            self.form,
            line.url,
            self._keys(line),
            markup(CHECK, case.pk, case.number) if self.checks else EMPTY,
            self._due(line),
            case.number,
            case.headline,
            self._marks(line),
            line.item,
            line.home or "—",
            self._handler(line),
            self.states[case.state],
        )

    @staticmethod
    def _keys(line: Listed) -> SafeString:
        """What ``a`` and ``r`` do on this row."""
        assign = line.assign_url or line.claim_url
        first = markup(' data-key-a="{}"', assign) if assign else EMPTY
        return markup('{} data-key-r="{}"', first, line.resolve_url) if line.resolve_url else first

    def _due(self, line: Listed) -> SafeString:
        case = line.case
        if line.clock == "waiting":
            stands = deadline_html(line.due, deadline_distance(line.due, self.now, paused=True))
            if line.due is None:
                return stands
            expected = _("预计 %(day)s") % {"day": moment_words(line.due, self.now)}
            return markup('{}<br><span class="small muted">{}</span>', stands, expected)
        if line.clock == "running":
            return deadline_html(line.due, deadline_distance(line.due, self.now, since=case.received_at))
        if case.resolved_at is None or case.resolve_by is None:
            return NONE
        return deadline_html(case.resolve_by, deadline_distance(case.resolve_by, self.now, done=case.resolved_at))

    def _marks(self, line: Listed) -> SafeString:
        urgency = self.urgencies[line.case.urgency]
        marks = line.marks
        if not marks:
            return urgency
        return joined(markup(" {}", badge_html(str(m.label), m.tone, m.icon)) for m in marks) + urgency

    def _handler(self, line: Listed) -> SafeString | str:
        if line.handler:
            return line.handler
        if line.assign_url:
            return markup(ASSIGN, line.assign_url, self.back, icon_html("user-plus"), self.assign)
        return markup(CLAIM, line.claim_url, self.claim) if line.claim_url else NONE
