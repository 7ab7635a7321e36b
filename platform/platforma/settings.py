"""The settings: typed, read from the environment only, checked together at start; docs/settings.md describes each."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PLATFORMA_"
PARENT_PID = f"{PREFIX}PARENT_PID"
"""Set for a process that we start: the id of the process that it ends with (see processes)."""
NOT_SETTINGS = frozenset({PARENT_PID.removeprefix(PREFIX), "SHARED_DATA"})
"""Known variables of that prefix which are no settings; SHARED_DATA names a folder of data for tests and measurements."""
ROOT = Path(__file__).resolve().parents[2]
PACKAGED = Path(__file__).resolve().parent / "site"
SITE = PACKAGED if PACKAGED.is_dir() else ROOT
"""The folder that holds the templates and translations: within an installed wheel, else the checkout or image."""


TILE_SERVER = re.compile(r"https?://(\{s\}\.)?[A-Za-z0-9.-]+(:[0-9]+)?(?=/)")
"""The server in an address of map tiles; {s} stands for one of several names of the server."""


class SettingsError(Exception):
    """A setting has a wrong value; the text names the setting and says what it takes."""


def default_data_dir() -> Path:
    """The user's data folder by the XDG base directory specification."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "platforma"


class Settings(BaseSettings):
    """What an installation can set; the defaults run on this machine alone, with nothing else installed."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=default_data_dir)
    database_url: str = ""
    search_url: str = "embedded:"
    search_meaning: bool = False
    queue_url: str = ""
    secret_key: SecretStr | None = None
    base_url: str = "http://127.0.0.1:8000"
    mail_url: str = ""
    mail_from: str = "platforma@localhost"
    mail_only_to: str = ""
    contact_email: str = ""
    time_zone: str = "Europe/Riga"
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    crawl_private_hosts: bool = False
    letters: bool = False
    visit_counts: bool = True
    page_cache_mb: int = Field(default=32, ge=0, le=4096)
    answer_days: int = Field(default=14, ge=1, le=90)
    removal_answer_days: int = Field(default=7, ge=1, le=30)
    crawls_at_once: int = Field(default=4, ge=1, le=32)
    map_tiles: str = ""
    map_attribution: str = ""
    log_format: Literal["text", "json"] = "text"
    log_requests: bool = False
    metrics_token: SecretStr | None = None
    templates_dir: Path = SITE / "templates"
    translations_dir: Path = SITE / "translations"
    static_dir: Path = PACKAGED.parent / "static"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name!r} is no time zone; take a name such as Europe/Riga") from error
        return name

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("this is no address of a database; it takes postgresql+psycopg://user:password@host/name")
        return url

    @field_validator("base_url")
    @classmethod
    def _absolute_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"{url!r} is no absolute address; take one such as https://directory.example")
        return url.rstrip("/")

    @field_validator("map_tiles")
    @classmethod
    def _tile_address(cls, url: str) -> str:
        has_parts = all(part in url for part in ("{z}", "{x}", "{y}"))
        if url and not (has_parts and TILE_SERVER.match(url)):
            raise ValueError(f"{url!r} is no address of map tiles; take one such as https://tiles.example/{{z}}/{{x}}/{{y}}.png")
        return url

    @model_validator(mode="after")
    def _fill_from_data_dir(self) -> Self:
        for name, file in (("database_url", "platforma.sqlite"), ("queue_url", "queue.sqlite")):
            if not getattr(self, name):
                object.__setattr__(self, name, f"sqlite:///{self.data_dir / file}")
        return self

    @property
    def tile_source(self) -> str:
        """The server of map tiles as a source of a Content-Security-Policy; empty where none is set."""
        server = TILE_SERVER.match(self.map_tiles)
        return server.group().replace("{s}", "*") if server else ""

    def may_mail(self, address: str) -> bool:
        """Whether a mail may go out to this address: any, unless PLATFORMA_MAIL_ONLY_TO names addresses and domains."""
        allowed = {name.strip().lower().lstrip("@") for name in self.mail_only_to.split(",")} - {""}
        return not allowed or bool({address.lower(), address.lower().rpartition("@")[2]} & allowed)

    @property
    def is_sqlite(self) -> bool:
        """Whether the store of record is a SQLite file."""
        return self.database_url.startswith("sqlite")


def load_settings(**overrides: object) -> Settings:
    """The settings of the environment, with these values in place of some. Raises SettingsError."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type] # pydantic checks the values
    except ValidationError as error:
        raise SettingsError("; ".join(map(_line_of, error.errors()))) from error


def folder_settings(folder: Path, **overrides: object) -> Settings:
    """The settings of the environment, but with database, index and queue in this folder. Raises SettingsError."""
    in_folder: dict[str, object] = {"data_dir": folder.resolve(), "database_url": "", "queue_url": "", "search_url": "embedded:"}
    return load_settings(**in_folder | overrides)


def open_settings(settings: Settings) -> dict[str, str]:
    """The settings that are not secret, by the name of their variable: no key and no token, no folder or file of this machine,
    and no user name and password in an address."""
    names = [name for name in Settings.model_fields if not name.endswith(("_dir", "_key", "_token"))]
    values = {f"{PREFIX}{name.upper()}": str(getattr(settings, name)) for name in names}
    return {name: _without_user(value) for name, value in values.items() if not value.startswith("sqlite:")}


def _without_user(address: str) -> str:
    return re.sub(r"(?<=://)[^/@]*@", "", address)


def unknown_settings(environment: Mapping[str, str]) -> list[str]:
    """A line for each variable that begins as a setting and is none, with the name that was probably meant."""
    upper = {name: name.upper() for name in sorted(environment)}
    suffixes = {name: text.removeprefix(PREFIX) for name, text in upper.items() if text.startswith(PREFIX)}
    known = {name.upper() for name in Settings.model_fields} | NOT_SETTINGS
    return [f"{name} is no setting; {_suggestion(suffix)}" for name, suffix in suffixes.items() if suffix not in known]


def _suggestion(suffix: str) -> str:
    from difflib import get_close_matches  # takes time to import, and is needed seldom

    matches = get_close_matches(suffix, [name.upper() for name in Settings.model_fields], n=1)
    return f"did you mean {PREFIX}{matches[0]}? See docs/settings.md" if matches else "see docs/settings.md"


def _line_of(error: ErrorDetails) -> str:
    """What is wrong, after the name of the setting where the error is about one."""
    text = error["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{str(error['loc'][0]).upper()}: {text}" if error["loc"] else text
