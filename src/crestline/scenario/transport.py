"""How requests get to a target: headers, a proxy, TLS. Secrets are named here, as ${NAME}, and never written."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from crestline.scenario.block import Block, refuse
from crestline.scenario.quantities import Words

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
ADVICE = "write ${NAME} and set the variable NAME where the drill is started"
_SECRET_NAME = re.compile(r"auth|cookie|token|secret|passw|credential|[-_]key$|api-?key|session", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"\b(bearer|basic|digest|token)\s+(?!\$\{)\S", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
OF_THE_CONNECTION = ("connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade")
_PLAIN = re.compile(r"[\t\x20-\x7e]*")


def _header_name(value: object) -> str:
    if not isinstance(value, str) or not _HEADER_NAME.fullmatch(value):
        msg = "expected the name of an HTTP header, such as X-Environment"
        raise ValueError(msg)
    if value.lower() in OF_THE_CONNECTION:
        msg = f"got {value!r}, which every request says for itself; expected a header such as X-Environment"
        raise ValueError(msg)
    return value


def _header_value(value: object) -> str:
    """What was got is never shown: it may be a secret."""
    if not isinstance(value, str) or not _PLAIN.fullmatch(value):
        msg = "expected text of printable ASCII characters"
        raise ValueError(msg)
    if _SECRET_VALUE.search(value):
        msg = f"a secret must not stand in a scenario; {ADVICE}"
        raise ValueError(msg)
    return value


def _proxy(value: object) -> str:
    """What was got is never shown: it may hold a password."""
    try:
        parts = urlsplit(REFERENCE.sub("x", value)) if isinstance(value, str) else None
        is_address = parts is not None and parts.scheme == "http" and parts.hostname and parts.port
    except ValueError:
        is_address = False
    if not isinstance(value, str) or not is_address:
        msg = "expected the address of a proxy, such as http://proxy.example:3128"
        raise ValueError(msg)
    user = value.rpartition("@")[0]
    if ":" in user.partition("://")[2] and not REFERENCE.search(user.rpartition(":")[2]):
        msg = f"a password must not stand in a scenario; {ADVICE}"
        raise ValueError(msg)
    return value


HeaderName = Annotated[str, BeforeValidator(_header_name)]
HeaderValue = Annotated[
    str, BeforeValidator(_header_value), WithJsonSchema({"type": "string", "examples": ["Bearer ${STAGING_TOKEN}"]})
]
ProxyAddress = Annotated[str, BeforeValidator(_proxy), WithJsonSchema({"type": "string", "pattern": "^http://"})]


def without_literal_secrets(headers: dict[str, Any]) -> dict[str, Any]:
    """The headers, unless one whose name speaks of a secret holds it itself."""
    for name, value in headers.items():
        if is_literal_secret(name, value):
            raise refuse(f"a secret must not stand in a scenario; {ADVICE}", name)
    return headers


def is_literal_secret(name: str, value: str) -> bool:
    """Whether a value holds itself what its name says is a secret."""
    return bool(_SECRET_NAME.search(name)) and not REFERENCE.search(value)


class Tls(Block):
    """Files in PEM form, named as seen from where the command is started."""

    ca: Words | None = Field(None, description="who may vouch for the target; left out, whom the system trusts")
    cert: Words | None = Field(None, description="the certificate that is shown to the target")
    key: Words | None = Field(None, description="its private key, without a passphrase; left out, it is in cert")

    @model_validator(mode="after")
    def _key_has_a_certificate(self) -> Tls:
        if self.key and not self.cert:
            msg = "a key without a certificate; expected cert beside it"
            raise ValueError(msg)
        return self
