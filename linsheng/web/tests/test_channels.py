"""发送渠道: set up, tried, switched on."""

import pytest

from linsheng.audit.models import AuditEntry
from linsheng.messaging.adapters.base import PermanentError
from linsheng.messaging.adapters.registry import provider_of
from linsheng.messaging.configuring import config_of
from linsheng.messaging.models import ChannelSetting, Notice

pytestmark = pytest.mark.django_db
KEY = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator)
    return client


@pytest.fixture
def provider(monkeypatch):
    """What the robot was sent; it refuses while ``refuses`` is set."""
    sent = []

    def send(self, message, config):
        sent.append((message, config))
        if provider_refuses:
            raise PermanentError(f"服务商没有收下（93000：invalid key {config['key']}）")
        return ""

    provider_refuses: list[bool] = []
    monkeypatch.setattr(type(provider_of("wecom")), "send", send)
    return sent, provider_refuses


def text_of(response, status=200) -> str:
    assert response.status_code == status
    return response.content.decode()


def robot(client, **changes):
    given = {"name": "工程群", "key": KEY, "format": "markdown", "kinds": ["escalation"], "on": "on"}
    return client.post("/settings/channels/new/wecom/", {**given, **changes})


def test_every_provider_has_its_page_with_what_it_needs(administrator):
    for key in ("aliyun", "tencent", "http", "wechat", "wecom", "dingtalk"):
        assert str(provider_of(key).needs)[:8] in text_of(administrator.get(f"/settings/channels/new/{key}/"))
    assert administrator.get("/settings/channels/new/nonsense/").status_code == 404


def test_a_secret_is_kept_sealed_and_never_shown_again(administrator, cast):
    assert robot(administrator).status_code == 302
    setting = ChannelSetting.objects.get()
    assert KEY not in setting.secrets + str(setting.config)
    assert config_of(setting)["key"] == KEY
    assert KEY not in text_of(administrator.get(f"/settings/channels/{setting.pk}/"))
    assert KEY not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_a_secret_stays_when_nothing_is_typed_and_typed_words_are_not_lost(administrator):
    robot(administrator)
    setting = ChannelSetting.objects.get()
    administrator.post(f"/settings/channels/{setting.pk}/", {"name": "新名字", "key": "", "format": "text"})
    setting.refresh_from_db()
    assert (config_of(setting)["key"], setting.name, setting.on, setting.kinds) == (KEY, "新名字", False, [])
    page = administrator.post("/settings/channels/new/dingtalk/", {"name": "别的群", "token": "!!", "secret": "x"})
    text = text_of(page, 422)
    assert "别的群" in text
    assert "SEC 开头" in text


def test_what_is_missing_is_said_beside_its_field(administrator):
    text = text_of(administrator.post("/settings/channels/new/aliyun/", {"sign": "邻声"}), 422)
    assert "请填写AccessKey ID" in text
    assert "请填写通知模板编号" in text


def test_there_is_one_provider_for_text_messages_and_any_number_of_groups(administrator):
    robot(administrator)
    robot(administrator, name="第二个群")
    assert ChannelSetting.objects.count() == 2
    given = {"url": "https://sms.example/", "secret": "x" * 20, "kinds": ["case_result"]}
    administrator.post("/settings/channels/new/http/", given)
    page = administrator.get("/settings/channels/")
    assert "通用 HTTP 网关" in text_of(page)
    assert "/new/aliyun/" not in page.content.decode()
    assert administrator.post("/settings/channels/new/http/", given).status_code == 422
    assert ChannelSetting.objects.count() == 3


def test_a_gateway_inside_our_network_is_refused_at_once(administrator):
    page = administrator.post("/settings/channels/new/http/", {"url": "http://169.254.169.254/", "secret": "x" * 20})
    assert "https://" in text_of(page, 422)


def test_a_test_message_goes_out_and_its_outcome_stays_on_the_page(administrator, provider):
    sent, refuses = provider
    robot(administrator, on="")
    setting = ChannelSetting.objects.get()
    page = administrator.post(f"/settings/channels/{setting.pk}/test/", follow=True)
    assert "服务商已收下" in text_of(page)
    assert sent[0][0].title == "邻声测试消息"
    refuses.append(True)
    text = text_of(administrator.post(f"/settings/channels/{setting.pk}/test/", follow=True))
    assert "上次测试没有发出去" in text
    assert "93000" in text
    assert KEY not in text


def test_tests_are_limited(administrator, provider):
    robot(administrator)
    setting = ChannelSetting.objects.get()
    for _time in range(31):
        response = administrator.post(f"/settings/channels/{setting.pk}/test/")
    assert response.status_code == 429


def test_mail_and_inbox_are_tried_too(administrator, cast, mailoutbox):
    assert "已收下" in text_of(administrator.post("/settings/channels/mail/test/", {"to": "me@example.com"}, follow=True))
    assert [mail.to for mail in mailoutbox] == [["me@example.com"]]
    assert administrator.post("/settings/channels/mail/test/", {"to": "nonsense"}).status_code == 422
    administrator.post("/settings/channels/inbox/test/")
    assert Notice.objects.get(user=cast.administrator).title == "邻声测试消息"


def test_a_channel_is_taken_away_with_its_secrets(administrator):
    robot(administrator)
    setting = ChannelSetting.objects.get()
    administrator.post(f"/settings/channels/{setting.pk}/remove/")
    assert not ChannelSetting.objects.exists()
    assert "还没有设置外部渠道" in text_of(administrator.get("/settings/channels/"))
