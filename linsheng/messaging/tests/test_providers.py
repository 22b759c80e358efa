"""Each provider against its protocol, and its errors in words."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from linsheng.messaging.adapters import aliyun, tencent
from linsheng.messaging.adapters.base import DeliveryError, GoneError, Message, PermanentError, TemporaryError, UncertainError
from linsheng.messaging.adapters.registry import provider_of
from linsheng.messaging.tests import fakes

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


@pytest.fixture
def start(settings):
    """``start(fakes.Aliyun)`` is the provider from now on."""
    running = []

    def begin(kind, name=None):
        fake = kind()
        running.append(fake)
        settings.PROVIDER_URLS = {**settings.PROVIDER_URLS, name or kind.__name__.lower(): fake.url}
        settings.OUTGOING_PRIVATE_HOSTS = [fake.host]
        return fake

    cache.clear()
    yield begin
    for fake in running:
        fake.close()


def message(**changes):
    given = {
        "to": PHONE,
        "title": "处理结果：电梯修好了",
        "body": "已更换按钮板。",
        "link": "https://x.example/t/abc",
        "identity": "<a1@x>",
    }
    return Message(**{**given, **changes})


def config_of(fake):
    return {
        fakes.Gateway: lambda: {"url": f"{fake.url}/sms", "secret": fake.secret, "sign": "邻声物业"},
        fakes.Aliyun: lambda: {
            "key_id": fake.key_id,
            "key_secret": fake.secret,
            "sign": "邻声物业",
            "template": "SMS_100",
            "params": "title={title}",
            "code_template": "SMS_200",
        },
        fakes.Tencent: lambda: {
            "key_id": fake.key_id,
            "key_secret": fake.secret,
            "app": fake.app,
            "sign": "邻声物业",
            "template": "1110",
            "params": "1={title}",
            "code_template": "2220",
            "region": "ap-guangzhou",
        },
        fakes.Wecom: lambda: {"key": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={fake.key}", "format": "markdown"},
        fakes.Dingtalk: lambda: {"token": fake.token, "secret": fake.secret},
        fakes.Wechat: lambda: {
            "app_id": fake.app_id,
            "app_secret": fake.secret,
            "template": fake.template,
            "fields": "thing2={title}\ntime3={time}",
        },
    }[type(fake)]()


KEYS = {
    fakes.Gateway: "http",
    fakes.Aliyun: "aliyun",
    fakes.Tencent: "tencent",
    fakes.Wecom: "wecom",
    fakes.Dingtalk: "dingtalk",
    fakes.Wechat: "wechat",
}


def send(fake, sent=None, **config):
    return provider_of(KEYS[type(fake)]).send(sent or message(), {**config_of(fake), **config})


def refused(fake, sent=None, **config):
    with pytest.raises(DeliveryError) as caught:
        send(fake, sent, **config)
    return caught.value


def test_aliyun_signs_as_its_documentation_does():
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    found = aliyun.authorization("YourAccessKeyId", "YourAccessKeySecret", method="POST", path="/", query=query, headers=headers)
    assert found.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_tencent_signs_as_its_documentation_does():
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    given = {"service": "cvm", "headers": headers, "body": body, "timestamp": 1551113065}
    found = tencent.authorization("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", **given)
    assert found.endswith("Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")


def test_the_gateway_gets_a_signed_text_and_one_id_is_one_message(start):
    fake = start(fakes.Gateway)
    assert [send(fake), send(fake)] == ["g-1", "g-1"]
    assert fake.accepted == [{"id": "a1@x", "phone": PHONE, "text": "【邻声物业】处理结果：电梯修好了 https://x.example/t/abc"}]


def test_the_gateway_gets_a_code_apart(start):
    fake = start(fakes.Gateway)
    send(fake, message(code="123456", body="验证码 123456"))
    assert (fake.accepted[0]["code"], fake.accepted[0]["text"]) == ("123456", "【邻声物业】验证码 123456")


def test_a_wrong_secret_at_the_gateway_is_said_in_words(start):
    assert "签名密钥" in str(refused(start(fakes.Gateway), secret="another-secret-of-16"))


def test_aliyun_takes_a_message_and_a_code(start):
    fake = start(fakes.Aliyun)
    assert send(fake).startswith("900619746936498440")
    send(fake, message(code="123456"))
    assert [said["TemplateParam"] for said in fake.accepted] == ['{"title":"处理结果：电梯修好了"}', '{"code":"123456"}']
    assert (fake.accepted[0]["PhoneNumbers"], fake.accepted[0]["OutId"]) == (PHONE, "a1@x")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"key_secret": "wrong"}, "AccessKey"),
        ({"key_id": "wrong"}, "AccessKey"),
        ({"sign": "别的"}, "签名"),
        ({"template": "SMS_1"}, "模板"),
        ({"params": "other={title}"}, "模板"),
        ({"params": "title={link}"}, "{path}"),
    ],
)
def test_what_aliyun_refuses_for_good_is_said_in_words(start, config, words):
    fake = start(fakes.Aliyun)
    error = refused(fake, **config)
    assert isinstance(error, PermanentError)
    assert words in str(error)
    assert fake.accepted == []


def test_an_empty_account_at_aliyun_is_tried_again_later(start):
    fake = start(fakes.Aliyun)
    fake.poor = True
    error = refused(fake)
    assert isinstance(error, TemporaryError)
    assert "充值" in str(error)
    assert error.after.total_seconds() == 3600


def test_aliyuns_flow_control_is_temporary(start):
    fake = start(fakes.Aliyun)
    fake.answers = [(200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发小时级流控Permits:5"})]
    assert isinstance(refused(fake), TemporaryError)


def test_tencent_takes_a_message_and_a_code(start):
    fake = start(fakes.Tencent)
    assert send(fake).startswith("5000:")
    send(fake, message(code="123456"))
    assert [said["TemplateParamSet"] for said in fake.accepted] == [["处理结果：电梯修好了"], ["123456"]]
    assert fake.accepted[0]["PhoneNumberSet"] == ["+8613800000001"]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"key_secret": "wrong"}, "SecretKey"),
        ({"key_id": "wrong"}, "SecretId"),
        ({"app": "1"}, "SdkAppId"),
        ({"sign": "别的"}, "签名"),
        ({"params": "1={title}\n2={time}"}, "模板"),
    ],
)
def test_what_tencent_refuses_for_good_is_said_in_words(start, config, words):
    error = refused(start(fakes.Tencent), **config)
    assert isinstance(error, PermanentError)
    assert words in str(error)


def test_tencents_limits_are_temporary(start):
    fake = start(fakes.Tencent)
    row = {"Code": "LimitExceeded.PhoneNumberDailyLimit", "Message": "limit"}
    fake.answers = [(200, {"Response": {"SendStatusSet": [row], "RequestId": "1"}})]
    assert isinstance(refused(fake), TemporaryError)


def test_wecom_gets_markdown_in_which_peoples_words_stay_words(start):
    fake = start(fakes.Wecom)
    send(fake, message(title="[点我](http://evil) <@all>", body="长" * 3000))
    content = fake.accepted[0]["markdown"]["content"]
    assert "](http://evil)" not in content
    assert "<@all>" not in content
    assert content.endswith("[查看详情](https://x.example/t/abc)")
    send(fake, message(body="长" * 3000), format="text")


def test_wecoms_errors_are_said_in_words(start):
    fake = start(fakes.Wecom)
    assert "key 不对" in str(refused(fake, key="00000000-0000"))
    fake.accepted = [{}] * 20
    error = refused(fake)
    assert isinstance(error, TemporaryError)
    assert error.after.total_seconds() == 60


def test_dingtalk_checks_the_signature(start):
    fake = start(fakes.Dingtalk)
    send(fake)
    assert fake.accepted[0]["markdown"]["title"] == "处理结果：电梯修好了"
    assert "加签密钥" in str(refused(fake, secret="SECother"))
    assert "access_token" in str(refused(fake, token="other"))


def test_wechats_token_is_asked_for_once_and_again_when_it_is_withdrawn(start):
    fake = start(fakes.Wechat)
    send(fake, message(to="o-reader"))
    send(fake, message(to="o-reader", identity="<a2@x>"))
    assert fake.tokens == 1
    fake.token = "withdrawn"
    assert send(fake, message(to="o-reader", identity="<a3@x>")) == "200228332"
    assert fake.tokens == 2
    assert len(fake.accepted) == 3


def test_wechat_gets_each_message_once_with_its_fields(start):
    fake = start(fakes.Wechat)
    for _time in range(2):
        send(fake, message(to="o-reader", title="标题" * 20, time="2026-11-23 10:00"))
    (said,) = fake.accepted
    assert (len(said["data"]["thing2"]["value"]), said["data"]["time3"]["value"]) == (20, "2026-11-23 10:00")


def test_who_left_the_account_is_gone_and_a_wrong_template_is_no_use(start):
    fake = start(fakes.Wechat)
    assert isinstance(refused(fake, message(to="o-left")), GoneError)
    assert "模板编号" in str(refused(fake, message(to="o-reader"), template="other"))
    cache.clear()
    assert "AppSecret" in str(refused(fake, message(to="o-reader"), app_secret="wrong"))


@pytest.mark.parametrize("kind", [fakes.Aliyun, fakes.Wecom, fakes.Wechat])
def test_a_provider_in_trouble_is_tried_again(start, kind):
    fake = start(kind)
    fake.answers = [(503, b"busy"), (502, b"busy")]
    assert isinstance(refused(fake, message(to="o-reader")), TemporaryError)


def test_a_server_that_is_not_the_provider_is_a_wrong_address(start):
    fake = start(fakes.Wecom)
    fake.answers = [(200, b"<html>hello</html>")]
    assert "接口地址" in str(refused(fake))


def test_nobody_there_is_temporary_and_an_answer_lost_on_the_way_is_uncertain(start, settings):
    fake = start(fakes.Wecom)
    settings.PROVIDER_URLS = {**settings.PROVIDER_URLS, "wecom": "http://127.0.0.1:9"}
    assert isinstance(refused(fake), TemporaryError)
    settings.PROVIDER_URLS = {**settings.PROVIDER_URLS, "wecom": fake.url}
    fake.handle = lambda request: (_ for _ in ()).throw(ConnectionAbortedError)
    fake.server.handle_error = lambda *_words: None
    assert isinstance(refused(fake), UncertainError)


def test_the_signed_date_is_utc():
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    headers = aliyun.signed_headers("SendSms", {}, {"key_id": "a", "key_secret": "b"}, host="h", at=at)
    assert headers["x-acs-date"] == "2026-11-23T02:00:00Z"
