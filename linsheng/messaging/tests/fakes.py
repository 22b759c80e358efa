"""The providers, on loopback: each checks what it is sent as its documentation says, and answers in its own words.

Written from the providers' descriptions, not with our own signing code: a mistake there would not be seen here.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Request:
    """What arrived."""

    def __init__(self, method, path, headers, body) -> None:
        parts = urlsplit(path)
        self.method, self.path, self.query_string, self.body = method, parts.path, parts.query, body
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.headers = {name.lower(): value for name, value in headers.items()}

    @property
    def json(self) -> dict:
        return json.loads(self.body)


class Fake:
    """A server of its own; ``answers`` are given before it does anything else, ``accepted`` is what it took."""

    def __init__(self) -> None:
        self.accepted, self.requests, self.answers = [], [], []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, self.path, self.headers, body)
                fake.requests.append(request)
                status, answer = fake.answers.pop(0) if fake.answers else fake.handle(request)
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_words) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def handle(self, request):
        raise NotImplementedError


class Gateway(Fake):
    """The plain protocol of ``docs/operations.md``; one id is one message."""

    secret = "a-secret-of-the-gateway"

    def handle(self, request):
        stamp = request.headers["x-linsheng-timestamp"]
        wanted = hmac.new(self.secret.encode(), f"{stamp}.".encode() + request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers["x-linsheng-signature"], f"sha256={wanted}"):
            return 401, {"error": "bad signature"}
        if abs(time.time() - int(stamp)) > 300:
            return 401, {"error": "stale"}
        if request.json["id"] != request.headers["idempotency-key"]:
            return 400, {"error": "id"}
        if request.json["id"] not in [said["id"] for said in self.accepted]:
            self.accepted.append(request.json)
        return 202, {"id": f"g-{len(self.accepted)}"}


class Aliyun(Fake):
    """dysmsapi: SendSms 2017-05-25 in RPC style with signature version 3."""

    key_id, secret = "LTAI5tFakeKeyId", "fake-key-secret"
    signs, templates, poor = {"邻声物业"}, {"SMS_100": ["title"], "SMS_200": ["code"]}, False

    def __init__(self) -> None:
        super().__init__()
        self.nonces = set()

    def wrong(self, code, message, status=400):
        return status, {"Code": code, "Message": message, "RequestId": "5F4B1A3C", "HostId": "dysmsapi.aliyuncs.com"}

    def signed(self, request):
        scheme, _space, rest = request.headers.get("authorization", "").partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(","))
        names = parts["SignedHeaders"].split(";")
        must = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}
        if scheme != "ACS3-HMAC-SHA256" or names != sorted(names) or not must <= set(names):
            return self.wrong("MissingParameter", "signature")
        if parts["Credential"] != self.key_id:
            return self.wrong("InvalidAccessKeyId.NotFound", "Specified access key is not found.", 404)
        encoded = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in request.query.items())
        canonical = "\n".join(
            [
                request.method,
                request.path,
                "&".join(f"{k}={v}" for k, v in encoded),
                "".join(f"{name}:{request.headers[name]}\n" for name in names),
                ";".join(names),
                hashlib.sha256(request.body).hexdigest(),
            ]
        )
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        if hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest() != parts["Signature"]:
            return self.wrong("SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
        return None

    def handle(self, request):
        if refused := self.signed(request):
            return refused
        nonce, at = request.headers["x-acs-signature-nonce"], request.headers["x-acs-date"]
        age = datetime.now(UTC) - datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if nonce in self.nonces or abs(age.total_seconds()) > 900:
            return self.wrong("SignatureNonceUsed", "Specified signature nonce was used already.")
        self.nonces.add(nonce)
        if (request.headers["x-acs-action"], request.headers["x-acs-version"]) != ("SendSms", "2017-05-25"):
            return self.wrong("InvalidAction.NotFound", "Specified api is not found", 404)
        return self.send(request.query)

    def send(self, query):
        def said(code, message):
            return 200, {"Code": code, "Message": message, "RequestId": "F655A8D5"}

        if not (query["PhoneNumbers"].isdigit() and len(query["PhoneNumbers"]) == 11):
            return said("isv.MOBILE_NUMBER_ILLEGAL", f"{query['PhoneNumbers']}invalid mobile number")
        if query["SignName"] not in self.signs:
            return said("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名")
        if query["TemplateCode"] not in self.templates:
            return said("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板")
        params = json.loads(query["TemplateParam"])
        if sorted(params) != sorted(self.templates[query["TemplateCode"]]):
            return said("isv.TEMPLATE_MISSING_PARAMETERS", "模板变量缺少对应参数值")
        if any("http" in value for value in params.values()):
            return said("isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入URL")
        if self.poor:
            return said("isv.AMOUNT_NOT_ENOUGH", "账户余额不足")
        self.accepted.append(query)
        return 200, {"Code": "OK", "Message": "OK", "RequestId": "F655A8D5", "BizId": f"900619746936498440^{len(self.accepted)}"}


class Tencent(Fake):
    """sms.tencentcloudapi.com: SendSms 2021-01-11 with TC3-HMAC-SHA256."""

    key_id, secret = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3fake", "Gu5t9xGARNpq86cd98joQYCN3fake"
    app, signs, templates = "1400006666", {"邻声物业"}, {"1110": 1, "2220": 1}

    def wrong(self, code, message):
        return 200, {"Response": {"Error": {"Code": code, "Message": message}, "RequestId": "ed93f3cb"}}

    def handle(self, request):
        scheme, _space, rest = request.headers["authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        key_id, date, service, end = parts["Credential"].split("/")
        stamp = request.headers["x-tc-timestamp"]
        if (scheme, service, end) != ("TC3-HMAC-SHA256", "sms", "tc3_request") or key_id != self.key_id:
            return self.wrong("AuthFailure.SecretIdNotFound", "The SecretId is not found")
        if abs(time.time() - int(stamp)) > 300:
            return self.wrong("AuthFailure.SignatureExpire", "签名过期")
        names = parts["SignedHeaders"].split(";")
        lines = "".join(f"{n}:{request.headers[n].strip().lower()}\n" for n in names)
        canonical = f"{request.method}\n{request.path}\n{request.query_string}\n{lines}\n{';'.join(names)}\n"
        canonical += hashlib.sha256(request.body).hexdigest()
        key = b"TC3" + self.secret.encode()
        for word in (date, service, "tc3_request"):
            key = hmac.new(key, word.encode(), hashlib.sha256).digest()
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"TC3-HMAC-SHA256\n{stamp}\n{date}/{service}/tc3_request\n{hashed}"
        if hmac.new(key, text.encode(), hashlib.sha256).hexdigest() != parts["Signature"] or "content-type" not in names:
            return self.wrong("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
        if (request.headers["x-tc-action"], request.headers["x-tc-version"]) != ("SendSms", "2021-01-11"):
            return self.wrong("InvalidAction", "The request action is invalid")
        return self.send(request.json)

    def send(self, asked):
        if asked["SmsSdkAppId"] != self.app:
            return self.wrong("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId verify fail")
        code, words = "Ok", "send success"
        if asked["SignName"] not in self.signs:
            code, words = "FailedOperation.SignatureIncorrectOrUnapproved", "signature is not approved"
        elif self.templates.get(asked["TemplateId"]) != len(asked["TemplateParamSet"]):
            code, words = "FailedOperation.TemplateIncorrectOrUnapproved", "template is not approved"
        elif not asked["PhoneNumberSet"][0].startswith("+86"):
            code, words = "InvalidParameterValue.IncorrectPhoneNumber", "phone number format error"
        if code == "Ok":
            self.accepted.append(asked)
        row = {"SerialNo": "5000:1045710669157053657849499619" if code == "Ok" else "", "Code": code, "Message": words}
        row |= {"PhoneNumber": asked["PhoneNumberSet"][0], "Fee": int(code == "Ok"), "SessionContext": asked["SessionContext"]}
        return 200, {"Response": {"SendStatusSet": [row], "RequestId": "a0aabda6"}}


class Wecom(Fake):
    """qyapi.weixin.qq.com/cgi-bin/webhook/send: 20 a minute."""

    key = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"

    def handle(self, request):
        if request.path != "/cgi-bin/webhook/send" or request.query.get("key") != self.key:
            return 200, {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1600000000], more info at https://open.work"}
        said = request.json
        kind = said["msgtype"]
        longest = {"text": 2048, "markdown": 4096}.get(kind)
        if longest is None:
            return 200, {"errcode": 40008, "errmsg": "invalid message type"}
        if len(said[kind]["content"].encode()) > longest:
            return 200, {"errcode": 40058, "errmsg": "content exceed max length"}
        if len(self.accepted) >= 20:
            return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}
        self.accepted.append(said)
        return 200, {"errcode": 0, "errmsg": "ok"}


class Dingtalk(Fake):
    """oapi.dingtalk.com/robot/send with 加签."""

    token, secret = "abc123def456", "SECfakefakefake"

    def handle(self, request):
        if request.query.get("access_token") != self.token:
            return 200, {"errcode": 300005, "errmsg": "token is not exist"}
        stamp = request.query["timestamp"]
        digest = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        if base64.b64encode(digest).decode() != request.query["sign"]:
            return 200, {"errcode": 310000, "errmsg": "sign not match, more: [https://ding-doc.dingtalk.com/doc]"}
        if abs(time.time() * 1000 - int(stamp)) > 3_600_000:
            return 200, {"errcode": 310000, "errmsg": "invalid timestamp"}
        if request.json["msgtype"] != "markdown" or not request.json["markdown"]["title"]:
            return 200, {"errcode": 400105, "errmsg": "unsupported msgtype"}
        self.accepted.append(request.json)
        return 200, {"errcode": 0, "errmsg": "ok"}


class Wechat(Fake):
    """api.weixin.qq.com: stable_token, template messages, and the exchange of a code for an openid."""

    app_id, secret, template = "wxfake0001", "fakesecretfakesecret", "tmpl-1"

    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.token, self.readers = 0, "", {"o-reader"}
        self.codes = {"code-1": "o-reader"}

    def handle(self, request):
        return {
            "/cgi-bin/stable_token": self.stable,
            "/cgi-bin/message/template/send": self.send,
            "/sns/oauth2/access_token": self.who,
        }[request.path](request)

    def _credentials(self, app_id, secret):
        if app_id != self.app_id:
            return {"errcode": 40013, "errmsg": "invalid appid rid: 1"}
        return None if secret == self.secret else {"errcode": 40125, "errmsg": f"invalid appsecret {secret} rid: 1"}

    def stable(self, request):
        asked = request.json
        if wrong := self._credentials(asked["appid"], asked["secret"]):
            return 200, wrong
        if asked["force_refresh"] or not self.token:
            self.tokens += 1
            self.token = f"token-{self.tokens}"
        return 200, {"access_token": self.token, "expires_in": 7200}

    def send(self, request):
        asked = request.json
        if request.query["access_token"] != self.token:
            return 200, {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest rid: 1"}
        if asked["touser"] not in self.readers:
            return 200, {"errcode": 43004, "errmsg": "require subscribe rid: 1"}
        if asked["template_id"] != self.template:
            return 200, {"errcode": 40037, "errmsg": "invalid template_id rid: 1"}
        if any(len(value["value"]) > 20 for name, value in asked["data"].items() if name.startswith("thing")):
            return 200, {"errcode": 47003, "errmsg": "argument invalid! data.thing2.value invalid rid: 1"}
        if asked["client_msg_id"] not in [said["client_msg_id"] for said in self.accepted]:
            self.accepted.append(asked)
        return 200, {"errcode": 0, "errmsg": "ok", "msgid": 200228332}

    def who(self, request):
        if wrong := self._credentials(request.query["appid"], request.query["secret"]):
            return 200, wrong
        openid = self.codes.pop(request.query["code"], None)
        if openid is None:
            return 200, {"errcode": 40029, "errmsg": "invalid code rid: 1"}
        return 200, {"access_token": "x", "expires_in": 7200, "openid": openid, "scope": "snsapi_base"}


class Receiver(Fake):
    """A company's own system: checks the signature as ``docs/operations.md`` says, and drops what it knows."""

    secret = "a-secret-of-the-receiver"

    def handle(self, request):
        stamp = request.headers["x-linsheng-timestamp"]
        wanted = hmac.new(self.secret.encode(), f"{stamp}.".encode() + request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers["x-linsheng-signature"], f"sha256={wanted}"):
            return 401, {"error": "bad signature"}
        if abs(time.time() - int(stamp)) > 300 or request.json["id"] != request.headers["idempotency-key"]:
            return 401, {"error": "stale"}
        if request.json["id"] not in [said["id"] for said in self.accepted]:
            self.accepted.append(request.json)
        return 204, b""


class PushService(Fake):
    """A browser's push service, and the browser behind it: checks who sends (RFC 8292), and opens what it is given (RFC 8291)."""

    def __init__(self) -> None:
        super().__init__()
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.public = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.auth = b"sixteen bytes ok"

    def keys(self):
        return {"p256dh": unpadded(self.public), "auth": unpadded(self.auth)}

    def handle(self, request):
        scheme, _space, rest = request.headers["authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        said, _dot, signed = parts["t"].rpartition(".")
        raw = padded(signed)
        signature = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(parts["k"]))
        key.verify(signature, said.encode(), ec.ECDSA(hashes.SHA256()))
        claims = json.loads(padded(said.split(".")[1]))
        if scheme != "vapid" or claims["aud"] != self.url or not 0 < claims["exp"] - time.time() < 86400:
            return 403, {}
        if request.headers["content-encoding"] != "aes128gcm" or int(request.headers["ttl"]) < 0:
            return 400, {}
        self.accepted.append(json.loads(self.opened(request.body)))
        return 201, b""

    def opened(self, body):
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        mixed = hmac.new(self.auth, shared, hashlib.sha256).digest()
        secret = hmac.new(mixed, b"WebPush: info\0" + self.public + sender + b"\1", hashlib.sha256).digest()
        base = hmac.new(salt, secret, hashlib.sha256).digest()
        key = hmac.new(base, b"Content-Encoding: aes128gcm\0\1", hashlib.sha256).digest()[:16]
        nonce = hmac.new(base, b"Content-Encoding: nonce\0\1", hashlib.sha256).digest()[:12]
        text = AESGCM(key).decrypt(nonce, sealed, None)
        assert text.endswith(b"\2")
        return text[:-1]


def unpadded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def padded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
