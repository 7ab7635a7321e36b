"""Somebody who asks a running site over a connection that stays open, keeps cookies, and sends what no browser would."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered: headers in their order, with their names as they were sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of a name; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(slots=True)
class Person:
    """Who asks; `role` is a name for reports. Cookies of theirs are sent with each request and replaced by what the site sets."""

    role: str
    base_url: str
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer | None:
        """The answer to a request; None where the site hung up, as it may on a body that is too long.

        `target` is a path with its query, percent-encoded.
        """
        sent = {"Connection": "keep-alive", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        for is_last in (False, True):
            try:
                return self._answer(method, target, body, sent)
            except (ConnectionError, http.client.BadStatusLine, http.client.CannotSendRequest):
                self.hang_up()
                if is_last:
                    return None
        return None

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _answer(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.base_url).netloc, timeout=TIMEOUT_SECONDS)
        self._connection.request(method, target, body, dict(headers))
        response = self._connection.getresponse()
        answer = Answer(response.status, tuple(response.getheaders()), response.read())
        self._keep_cookies(answer)
        return answer

    def _keep_cookies(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                try:
                    cookie = SimpleCookie(value)
                except CookieError:
                    continue
                for key, morsel in cookie.items():
                    self.cookies[key] = morsel.value
                    if morsel["max-age"] == "0" or not morsel.value:
                        del self.cookies[key]
