"""Linking the WeChat of a person: with a code that they send to the company's account, over WeChat's own protocol."""

import hashlib
from datetime import timedelta

import pytest

from linsheng.core.errors import Invalid, NotVisible, TooMany
from linsheng.messaging import actions, official_account
from linsheng.messaging.adapters.base import GoneError
from linsheng.messaging.adapters.registry import provider_of
from linsheng.messaging.configuring import seal
from linsheng.messaging.deliveries import deliver_next
from linsheng.messaging.models import ChannelSetting, Delivery, WechatCode, WechatLink

pytestmark = pytest.mark.django_db
TOKEN = "token-of-the-platform"


@pytest.fixture
def account(cast, now):
    given = {"on": True, "created_at": now, "changed_at": now, "config": {"account": "邻声物业服务"}}
    secrets = seal({"app_secret": "s", "token": TOKEN})
    return ChannelSetting.objects.create(
        organisation_id=cast.organisation.pk, channel="wechat", provider="wechat", secrets=secrets, **given
    )


@pytest.fixture
def wechat(client, account, now):
    """WeChat's server: signs as it does, and sends what a reader wrote."""

    def call(body=None, *, token=TOKEN, at=now, **more):
        stamp = str(int(at.timestamp()))
        signature = hashlib.sha1("".join(sorted([token, stamp, "n1"])).encode(), usedforsecurity=False).hexdigest()
        query = {"signature": signature, "timestamp": stamp, "nonce": "n1", **more}
        address = f"/wechat/{account.pk}/?" + "&".join(f"{name}={value}" for name, value in query.items())
        return client.get(address) if body is None else client.post(address, body.encode(), content_type="text/xml")

    return call


def text(words, openid="o-owner"):
    return (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content><MsgId>1</MsgId></xml>"
    )


def event(name, key="", openid="o-owner"):
    return (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event><EventKey><![CDATA[{key}]]></EventKey></xml>"
    )


@pytest.fixture
def code(cast, account, now):
    return actions.wechat_code(user=cast.owner, organisation_id=cast.organisation.pk, now=now)


def linked(cast):
    return list(WechatLink.objects.filter(user=cast.owner).values_list("openid", flat=True))


@pytest.fixture
def moving(settings, monkeypatch, now):
    """The clock of requests stands at ``now``."""
    monkeypatch.setattr("linsheng.core.clock.now", lambda: now)


pytestmark = [pytestmark, pytest.mark.usefixtures("moving")]


def test_the_address_is_checked_as_the_platform_does_it(wechat):
    assert wechat(echostr="8372").content == b"8372"


def test_whoever_does_not_know_the_token_hears_nothing(wechat, code, cast, now):
    assert wechat(token="another", echostr="8372").status_code == 403
    assert wechat(text(code), token="another").status_code == 403
    assert wechat(text(code), at=now - timedelta(hours=1)).status_code == 403
    assert linked(cast) == []


def test_an_account_without_a_token_takes_no_calls(wechat, account):
    ChannelSetting.objects.filter(pk=account.pk).update(secrets=seal({"app_secret": "s"}))
    assert wechat(token="", echostr="1").status_code == 403


def test_the_code_sent_to_the_account_links_it(wechat, code, cast):
    reply = wechat(text(f"绑定 {code.lower()}")).content.decode()
    assert "已绑定" in reply
    assert "<ToUserName>o-owner</ToUserName>" in reply
    assert linked(cast) == ["o-owner"]


@pytest.mark.parametrize(("name", "prefix"), [("subscribe", "qrscene_"), ("SCAN", "")])
def test_a_scanned_code_links_it_too(wechat, code, cast, name, prefix):
    wechat(event(name, prefix + code))
    assert linked(cast) == ["o-owner"]


def test_a_code_links_once_and_for_ten_minutes(wechat, code, cast, now):
    wechat(text(code))
    assert "不对或已过期" in wechat(text(code, openid="o-thief")).content.decode()
    again = actions.wechat_code(user=cast.owner, organisation_id=cast.organisation.pk, now=now)
    with pytest.raises(Invalid):
        actions.link_wechat(organisation_id=cast.organisation.pk, openid="o-2", code=again, now=now + timedelta(minutes=11))
    assert linked(cast) == ["o-owner"]


def test_only_a_digest_of_the_code_is_kept(code):
    assert code not in WechatCode.objects.get().digest


def test_guessing_ends_soon(cast, account, now):
    for _guess in range(10):
        with pytest.raises(Invalid):
            actions.link_wechat(organisation_id=cast.organisation.pk, openid="o-thief", code="22222222", now=now)
    with pytest.raises(TooMany):
        actions.link_wechat(organisation_id=cast.organisation.pk, openid="o-thief", code="22222222", now=now)


def test_one_wechat_is_one_persons(wechat, code, cast, now):
    wechat(text(code))
    theirs = actions.wechat_code(user=cast.neighbour, organisation_id=cast.organisation.pk, now=now)
    wechat(text(theirs))
    assert list(WechatLink.objects.values_list("user__name", "openid")) == [(cast.neighbour.name, "o-owner")]


def test_what_else_is_written_to_the_account_is_none_of_our_business(wechat, code, cast):
    assert wechat(text("你好，请问几点上班")).content == b"success"
    assert wechat(event("CLICK", "menu")).content == b"success"
    assert wechat("<xml>").content == b"success"
    assert linked(cast) == []


@pytest.mark.parametrize("body", [text("解绑"), event("unsubscribe")])
def test_it_ends_by_a_word_or_by_leaving(wechat, code, cast, body):
    wechat(text(code))
    wechat(body)
    assert linked(cast) == []


def test_xml_that_declares_anything_is_not_read():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text("绑定 &a;").encode()
    assert official_account.heard(bomb) is None
    assert official_account.heard(b"<xml>" + b" " * 70_000 + b"</xml>") is None


def test_without_a_link_nothing_goes_to_wechat_and_with_it_everything_does(cast, account, tell, now):
    tell(cast.owner, key="1", subject=cast.home)
    assert not Delivery.objects.exists()
    WechatLink.objects.create(user=cast.owner, organisation_id=cast.organisation.pk, openid="o-owner", linked_at=now)
    tell(cast.owner, key="2", subject=cast.home)
    assert Delivery.objects.get().address == "o-owner"


def test_who_left_the_account_is_unlinked_by_the_first_refusal(cast, account, tell, turn, monkeypatch, now):
    WechatLink.objects.create(user=cast.owner, organisation_id=cast.organisation.pk, openid="o-owner", linked_at=now)
    tell(cast.owner, subject=cast.home)

    def refuse(self, message, config):
        raise GoneError("对方没有关注公众号。")

    monkeypatch.setattr(type(provider_of("wechat")), "send", refuse)
    assert deliver_next(turn())
    assert (Delivery.objects.get().error, linked(cast)) == ("对方没有关注公众号。", [])


def test_the_page_gives_a_code_and_takes_the_link_away(client, cast, account, now):
    client.force_login(cast.owner)
    assert "绑定微信" in client.get("/me/notices/").content.decode()
    response = client.post(f"/me/notices/wechat/{cast.organisation.pk}/code/")
    assert "邻声物业服务" in response.content.decode()
    assert response["Cache-Control"] == "no-store, private"
    WechatLink.objects.create(user=cast.owner, organisation_id=cast.organisation.pk, openid="o-owner", linked_at=now)
    assert "解除绑定" in client.get("/me/notices/").content.decode()
    client.post(f"/me/notices/wechat/{cast.organisation.pk}/unlink/")
    assert linked(cast) == []


def test_who_has_nothing_to_do_with_a_company_gets_no_code_of_it(cast, account, now):
    with pytest.raises(NotVisible):
        actions.wechat_code(user=cast.outsider, organisation_id=cast.organisation.pk, now=now)
