"""Random names for things that strangers may see."""

import hashlib
import secrets

# No 0/O, 1/I/L: the codes are read from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def unguessable() -> str:
    """A URL-safe token of 128 random bits."""
    return secrets.token_urlsafe(16)


def paper_code(length: int = 10) -> str:
    """A code to print and to type: about 5 bits a character."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def paper_code_as_typed(text: str) -> str:
    """What a person typed, without spaces, dashes and case."""
    return "".join(character for character in text.upper() if character.isalnum())


def digest(secret: str) -> str:
    """SHA-256 in hex: what is stored of a secret that is random enough not to need a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
