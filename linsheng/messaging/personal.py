"""What a person has linked outside, and how it ends by itself."""

from linsheng.messaging.models import Channel, Delivery, PushSubscription, WechatLink


def gone(delivery: Delivery) -> None:
    """Whom it was for cannot be reached there any more: nothing else is sent there."""
    if delivery.channel == Channel.WECHAT and delivery.setting is not None:
        WechatLink.objects.filter(organisation_id=delivery.setting.organisation_id, openid=delivery.address).delete()
    number = delivery.address.removeprefix("push-")
    if delivery.channel == Channel.PUSH and number.isascii() and number.isdigit():
        PushSubscription.objects.filter(pk=int(number)).delete()
