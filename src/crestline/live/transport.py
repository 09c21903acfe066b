"""How requests get to a target: headers, TLS and proxy, the same for Locust's client and for the plain one.

Secrets stand in the scenario as ``${NAME}`` and in the environment as themselves. They are put together here, in the
process that sends them, and are in no file, no log and no message: ``hide`` takes them out of what a target says.
"""

from __future__ import annotations

import base64
import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from crestline.errors import TargetError
from crestline.live.hosts import is_this_machine
from crestline.scenario import Scenario
from crestline.scenario.transport import REFERENCE, Tls

CONNECT_S = 5.0  # real seconds that a connection may take to be there
HIDDEN = "***"


class Proxy(NamedTuple):
    """Where requests are sent on; user and password are empty for one that asks for none."""

    host: str
    port: int
    user: str = ""
    password: str = ""

    @property
    def credentials(self) -> str:
        """User and password as they are sent; empty for a proxy that asks for none."""
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode() if self.user else ""

    def header(self) -> dict[str, str]:
        """What it wants to be told before it sends anything on."""
        return {"Proxy-Authorization": f"Basic {self.credentials}"} if self.user else {}


@dataclass(frozen=True)
class Transport:
    """The way to one target. ``tls`` is None where the target speaks plain HTTP."""

    host: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tls: ssl.SSLContext | None = None
    proxy: Proxy | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    through: tuple[str, int] | None = None  # where connections really go, when a wire is spoiled between the two ends

    def hide(self, text: str) -> str:
        """The text without the secrets in it."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def lead(self, made: HTTPConnection) -> None:
        """Let a connection that is not open yet go where the way does; name and certificate stay the target's."""
        if self.through:
            place = self.through
            made._create_connection = lambda _, *more: socket.create_connection(place, *more)  # type: ignore[attr-defined]

    def pool_options(self) -> dict[str, Any]:
        """What a pool of geventhttpclient has to be told; certificates are verified, unlike by Locust's defaults."""
        options: dict[str, Any] = {"headers": dict(self.headers), "insecure": False}
        if self.tls:
            options["ssl_context_factory"] = lambda **_: self.tls
        if self.proxy:
            options |= {"proxy_host": self.proxy.host, "proxy_port": self.proxy.port}
        if self.proxy and self.proxy.user:
            options |= {"proxy_user": self.proxy.user, "proxy_password": self.proxy.password}
        return options


def transport(scenario: Scenario, host: str, run: str, environ: Mapping[str, str] = os.environ) -> Transport:
    """The way to ``host`` as the scenario has it, with the mark of a run on every request.

    Refused when a variable or a file that the scenario names is not there.
    """
    test = scenario.load_test
    secrets: list[str] = []
    headers = {
        name: _resolved(f"load_test.headers.{name}", text, environ, secrets) for name, text in test.headers.items()
    } | {test.mark.header: test.mark.told(run)}
    proxy = None
    if test.proxy and not is_this_machine(host):
        proxy = _proxy(_resolved("load_test.proxy", test.proxy, environ, secrets))
        secrets += filter(None, [proxy.credentials, proxy.password])
    tls = _tls(test.tls) if urlsplit(host).scheme == "https" else None
    return Transport(host.rstrip("/"), headers, tls, proxy, tuple(sorted(secrets, key=len, reverse=True)))


def _resolved(key: str, text: str, environ: Mapping[str, str], secrets: list[str]) -> str:
    """The text with the values of the variables that it names, which are added to ``secrets``."""
    for name in REFERENCE.findall(text):
        value = environ.get(name, "")
        if not value:
            msg = f"{key}: the environment variable {name} is not set; export it where the drill is started"
            raise TargetError(msg)
        if not (value.isascii() and value.isprintable()):
            msg = f"{key}: the environment variable {name} holds what no header may, such as the end of a line"
            raise TargetError(msg)
        secrets.append(value)
    return REFERENCE.sub(lambda found: environ[found[1]], text)


def _proxy(address: str) -> Proxy:
    """What stands in its address; a password that is not quoted may make it another one, which is refused."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or "@" in f"{parts.path}{parts.query}{parts.fragment}":
        msg = "load_test.proxy: no address once its variables are put in; percent-encode the password"
        raise TargetError(msg)
    return Proxy(host, port, unquote(parts.username or ""), unquote(parts.password or ""))


def _tls(files: Tls) -> ssl.SSLContext:
    """Whom to believe and what to show; an encrypted key is refused instead of asked for its passphrase."""
    try:
        context = ssl.create_default_context(cafile=files.ca)
    except OSError as error:
        msg = f"load_test.tls.ca: {files.ca} cannot be used ({_why(error)}); expected certificates in PEM form"
        raise TargetError(msg) from None
    if files.cert:
        try:
            context.load_cert_chain(files.cert, files.key, password="")
        except OSError as error:
            named = " and ".join(filter(None, (files.cert, files.key)))
            msg = f"load_test.tls.cert: {named} cannot be used ({_why(error)}); expected PEM files of a pair"
            raise TargetError(msg) from None
    return context


def _why(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
