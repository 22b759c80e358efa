"""The list of deliveries shows enough of an address to tell it from others, and no more."""

import pytest

from linsheng.messaging.models import Delivery
from linsheng.messaging.showing import masked_address


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        ("email", "owner@example.com", "o***@example.com"),
        ("sms", "10000000001", "***0001"),
        ("wechat", "openid-abcdefgh", "***efgh"),
        ("wecom", "翠湖苑工程群", "翠湖苑工程群"),
    ],
)
def test_an_address_is_masked(channel, address, shown):
    assert masked_address(Delivery(address=address, channel=channel)) == shown
