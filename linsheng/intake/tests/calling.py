"""For tests: an exchange with a line, and calls on it."""

import json
from datetime import timedelta
from itertools import count

from conftest import NOW
from linsheng.intake.actions.calls import Reported, report_call
from linsheng.intake.models import Exchange, Line
from linsheng.intake.signing import secret_of, signature

_running = count(1)


def a_line(cast, number="0755-8001", community=None):
    community = community or cast.community
    exchange = Exchange.objects.filter(organisation=community.organisation).first()
    if exchange is None:
        exchange = Exchange.objects.create(organisation=community.organisation, name="总机", created_at=NOW)
    digits = "".join(filter(str.isdigit, number))
    return Line.objects.get_or_create(exchange=exchange, digits=digits, defaults={"community": community, "number": number})[0]


def a_call(cast, number="10000000001", *, now=NOW, call_id="", started_at=None, **more):
    reported = Reported(call_id=call_id or f"call-{next(_running)}", number=number, started_at=started_at or now, **more)
    return report_call(line=a_line(cast), reported=reported, now=now)[0]


def signed(exchange, body, *, now, secret=None):
    """Body and headers as an exchange sends them."""
    content = json.dumps(body).encode()
    stamp = str(int(now.timestamp()))
    return content, {
        "X-Linsheng-Exchange": exchange.key,
        "X-Linsheng-Timestamp": stamp,
        "X-Linsheng-Signature": f"sha256={signature(secret or secret_of(exchange), stamp, content)}",
    }


def a_day_later(now=NOW):
    return now + timedelta(days=1, minutes=1)
