"""Secrets of links: what of them is stored, and how drafts are enciphered with them.

A link holds 32 random bytes that are stored nowhere. Of them are derived, each with a word of its own, so
that none leads to another: the hash by which the link is found, the hash under which the draft lies, and the
key that enciphers it. Whoever has the database alone can neither tell whose a draft is nor read it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

NONCE = 12


def new_secret() -> str:
    """32 random bytes as 43 characters that may stand in an address."""
    return secrets.token_urlsafe(32)


def link_hash(token: str) -> str:
    """By which an invitation is found."""
    return _derive("link", token).hex()


def draft_hash(secret: str) -> str:
    """Under which a draft lies."""
    return _derive("draft", secret).hex()


def sent_hash(secret: str) -> str:
    """By which a browser that has answered by an open link is known again."""
    return _derive("sent", secret).hex()


def personal_secret(invitation_pk: int) -> str:
    """Secret of a draft in a campaign that is not anonymous: the same for every link of the person."""
    return salted_hmac("diagnostics.draft", str(invitation_pk), algorithm="sha256").hexdigest()


def seal(secret: str, data: dict[str, Any]) -> bytes:
    """Enciphered JSON; unlike Fernet's it does not tell the time."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_derive("seal", secret)).encrypt(nonce, json.dumps(data).encode(), None)


def unseal(secret: str, sealed: bytes | memoryview) -> dict[str, Any]:
    """What was sealed; nothing when it was sealed with another secret."""
    data = bytes(sealed)
    try:
        return json.loads(AESGCM(_derive("seal", secret)).decrypt(data[:NONCE], data[NONCE:], None))
    except (InvalidTag, ValueError):
        return {}


def _derive(word: str, secret: str) -> bytes:
    return hashlib.sha256(f"metodset:{word}:{secret}".encode()).digest()
