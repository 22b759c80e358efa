"""Web push: encryption for one browser (RFC 8291) and the proof of who sends (RFC 8292). No service in between reads anything."""

import base64
import json
import os
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linsheng.core.sealing import opened, sealed
from linsheng.messaging.models import PushIdentity

PURPOSE = "messaging.push"
CURVE = ec.SECP256R1()
VALID = timedelta(hours=12)
RECORD = 4096


def encoded(raw: bytes) -> str:
    """Base64 for addresses, without padding, as both standards write it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises ``ValueError`` for what is none."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except NotBase64 as error:
        raise ValueError("not base64") from error


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def encrypted(
    text: bytes, *, p256dh: bytes, auth: bytes, salt: bytes | None = None, own: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """One aes128gcm record that only the browser with these keys can open. ``salt`` and ``own`` are given by tests alone."""
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    public = point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, salt=auth, info=b"WebPush: info\x00" + p256dh + public, length=32)
    key = _derived(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derived(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(public)]) + public
    return head + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def identity(now: datetime) -> PushIdentity:
    """The installation's key; made at the first need. A key that cannot be opened any more is replaced: browsers subscribe anew."""
    found = PushIdentity.objects.filter(pk=1).first()
    if found is not None and opened(found.private, purpose=PURPOSE):
        return found
    made = ec.generate_private_key(CURVE)
    raw = made.private_numbers().private_value.to_bytes(32, "big")
    given = {"private": sealed(encoded(raw), purpose=PURPOSE), "public": encoded(point(made.public_key())), "created_at": now}
    if found is not None:
        PushIdentity.objects.filter(pk=1, private=found.private).update(**given)
    else:
        PushIdentity.objects.bulk_create([PushIdentity(pk=1, **given)], ignore_conflicts=True)
    return PushIdentity.objects.get(pk=1)


def authorization(endpoint: str, *, contact: str, now: datetime) -> str:
    """``vapid t=…, k=…``: a token for this push service alone, for half a day."""
    own = identity(now)
    raw = int.from_bytes(decoded(opened(own.private, purpose=PURPOSE)), "big")
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + VALID).timestamp()), "sub": f"mailto:{contact}"}
    said = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(ec.derive_private_key(raw, CURVE).sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={said}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={own.public}"
