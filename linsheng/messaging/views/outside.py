"""What providers call: WeChat's server, receipts of text messages. Nobody is signed in; each call proves whose it is."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from linsheng.core.errors import Forbidden, Invalid, NotVisible
from linsheng.core.http import now_of
from linsheng.messaging import actions, official_account, receipts
from linsheng.messaging.adapters.sms_http import SIGNATURE, TIMESTAMP
from linsheng.messaging.models import Channel, ChannelSetting


def _setting(pk: int, channel: str) -> ChannelSetting:
    found = ChannelSetting.objects.filter(pk=pk, channel=channel).first()
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


@csrf_exempt
@require_http_methods(["GET", "POST"])
def wechat(request: HttpRequest, pk: int) -> HttpResponse:
    """The check of the address (its ``echostr`` comes back), and what readers of the account write or scan."""
    setting, now = _setting(pk, Channel.WECHAT), now_of(request)
    given = {name: request.GET.get(name, "") for name in ("signature", "timestamp", "nonce")}
    if not official_account.signed(setting, **given, now=now):
        raise Forbidden(_("签名不对，请核对公众平台“服务器配置”里的 Token。"))
    if request.method == "GET":
        return HttpResponse(request.GET.get("echostr", "")[:200], content_type="text/plain; charset=utf-8")
    found = official_account.heard(request.body)
    words = official_account.answer(setting, found, now) if found else ""
    if found is None or not words:
        # Anything else would be shown to the reader as trouble of the account.
        return HttpResponse("success", content_type="text/plain; charset=utf-8")
    return HttpResponse(official_account.as_reply(found, words, now), content_type="application/xml; charset=utf-8")


@csrf_exempt
@require_POST
def sms_receipts(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Which text messages arrived and which did not, as the provider reports it."""
    setting, now, headers = _setting(pk, Channel.SMS), now_of(request), request.headers
    given = {"timestamp": headers.get(TIMESTAMP, ""), "given": headers.get(SIGNATURE, "")}
    if not receipts.is_theirs(setting, token=token, **given, body=request.body, now=now):
        raise Forbidden(_("回执的网址或签名不对。"))
    found = receipts.read(setting.provider, request.body)
    if found is None:
        raise Invalid(_("回执看不懂。"))
    for receipt in found:
        actions.take_receipt(setting=setting, receipt=receipt, now=now)
    return JsonResponse(dict(receipts.ANSWERS.get(setting.provider, {})))
