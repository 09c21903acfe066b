"""A target that is a web site of forms, as a browser uses it: look at a page, fill in its form, be sent on.

What a page has filled in goes back with its form, among it the hidden token without which a site takes a form for a
forgery; scripts of a page that speak JSON send the same token as a header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crestline.live.adapters import Answer, Http, Refused

INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'\b(type|name|value)=["\']([^"\']*)["\']')
SELECT = re.compile(r'<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</select>', re.DOTALL)
SELECTED = re.compile(r'<option value="([^"]*)"[^>]*\bselected\b')
OPTION = re.compile(r'<option value="([^"]*)"[^>]*>([^<]*)</option>')


class Browser:
    """What an adapter to such a site may inherit beside ``Basics``; cookies are the business of ``http``."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.filled: dict[str, str] = {}  # what the page last looked at would send if nobody touched it, by field
        self.options: dict[str, str] = {}  # what can be chosen there: values by the words that are shown

    def ask(self, method: str, path: str, name: str | None = None, **sent: Any) -> Answer:
        """Send one request; ``Refused`` unless it succeeds. ``name`` groups requests, ``sent`` as for ``Http``."""
        answer = self.http.request(method, path, name=name or path, **sent)
        if not answer.status < 300 and answer.status not in sent.get("fine", ()):
            raise Refused(f"{method} {name or path}", answer.status, _shortened(answer.body))
        return answer

    def look(self, path: str, name: str | None = None) -> str:
        """A page; what its fields hold and offer is remembered."""
        page = str(self.ask("GET", path, name).body)
        inputs = [dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(page)]
        self.filled = {tag["name"]: tag.get("value", "") for tag in inputs if tag.get("type") == "hidden"}
        self.filled |= {name: value for name, told in SELECT.findall(page) for value in SELECTED.findall(told)}
        self.options = {word: value for value, word in OPTION.findall(page)}
        return page

    def submit(self, path: str, fields: Mapping[str, str]) -> str:
        """Send the form of the page last looked at; where it leads. ``Refused`` when it is shown once more."""
        answer = self.ask("POST", path, form=self.filled | dict(fields), fine=(302, 303))
        if "location" not in answer.headers:
            raise Refused(f"POST {path}", answer.status, "the form is shown again: a field was not accepted")
        return answer.headers["location"]


def _shortened(body: object) -> object:
    return "a page" if isinstance(body, str) and "<html" in body else body
