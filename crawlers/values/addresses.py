"""Web addresses: recognised in texts, brought to one canonical form, and their hosts compared."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

import idna

from crawlers.texts.foreign import unescaped

MAX_CHARACTERS = 2000
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.([^\W\d_]{2,}|xn--[\w-]+)|\d{1,3}(\.\d{1,3}){3}")
_BARE = re.compile(r"[^\s/@:]+\.[^\W\d_]{2,}([:/?#].*)?")
_FILE = re.compile(r"[^/:]+\.(jpe?g|png|gif|webp|avif|svg)([?#].*)?", re.IGNORECASE)
_RELATIVE = re.compile(r"(?![a-z][a-z0-9+.-]*:)(/{0,2}[^/].*/.*|/{1,2}[^/].*)", re.IGNORECASE)
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|igshid|igsh|mc_[ce]id|_ga|_gl|_hs\w+|hsa_\w+|mtm_\w+|pk_\w+|piwik_\w+"
    r"|twclid|ttclid|li_fat_id|phpsessid|jsessionid|fb_action_\w+|fb_source|__hstc",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(index|default)\.(html?|php|aspx?)$", re.IGNORECASE)
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_COMMON_HOST = re.compile(
    r"(^|\.)(facebook|fb|instagram|twitter|x|linkedin|youtube|youtu|vimeo|tiktok|flickr|pinterest|draugiem|vk|t|wa|whatsapp"
    r"|telegram|google|goo|openstreetmap|waze|bing|wordpress|gravatar|addtoany|sharethis|mailchi|eepurl|creativecommons"
    r"|wikipedia)\.\w{2,4}$"
)
_DETOUR = re.compile(
    r"(www\.)?google(\.[a-z]{2,3}){1,2}/url|(l|lm)\.(facebook|instagram)\.com/(l\.php)?|(www\.)?youtube\.com/redirect|vk\.com/away\.php"
    r"|slack-redir\.net/link|[a-z0-9-]+\.safelinks\.protection\.outlook\.com/|duckduckgo\.com/l/|t\.umblr\.com/redirect"
)
"""Host and path of services that only lead on to another address."""
_DETOUR_PARAMETERS = ("q", "url", "u", "to", "uddg", "z")
_LANGUAGE_FOLDER = re.compile(r"^/[A-Za-z]{2}(?=/|$)")


def web_address(text: str, base: str | None = None) -> str | None:
    """The absolute http(s) address in a text; None for mail, scripts, data and texts without an address.

    A text that looks like an address without its scheme ("kopa.lv/lapa") is one. Of a text of several words, the first word
    that begins with http or www is taken. Relative addresses are resolved against `base`.
    """
    text = unescaped(text[:MAX_CHARACTERS]).strip().strip("<>\"'„”“ ,;")
    pieces = re.split(r"[\s,;]+", text)
    if len(pieces) > 1 and re.search(r"\s", text):
        text = next((piece for piece in pieces if re.match(r"https?://|www\.", piece, re.IGNORECASE)), "")
    if base and _FILE.fullmatch(text):
        text = absolute_address(base, text)
    elif _BARE.fullmatch(text):
        text = f"https://{text}"
    elif base and _RELATIVE.fullmatch(text):
        text = absolute_address(base, text)
    parts = _split(without_detour(text))
    if parts is None or parts.username is not None or not _HOST.fullmatch(parts.hostname or ""):
        return None
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def is_web_address(text: str) -> bool:
    """Whether a text, unchanged, is an absolute http(s) address with a host and without control characters."""
    parts = _split(text)
    return parts is not None and bool(parts.hostname) and text == text.strip() and not _CONTROL_CHARACTER.search(text)


def canonical_address(url: str) -> str:
    """The canonical form of an address, for comparing, not for fetching.

    The scheme is https; `www.`, default port, fragment, index page, trailing slash and tracking parameters are left out;
    parameters are sorted; a folder that names a language is in small letters; escapes are normalised (RFC 3986, 6.2.2).
    Any text that is no http(s) address is returned unchanged.
    """
    parts = _split(unescaped(url.strip()))
    if parts is None or not parts.hostname:
        return url
    path = _LANGUAGE_FOLDER.sub(lambda match: match[0].lower(), re.sub(r"/{2,}", "/", parts.path))
    path = _INDEX.sub("/", path).split(";jsessionid")[0]
    path = quote(unquote(path) if _is_plain(path) else path, safe="/%:@!$&'()*+,;=~")
    parameters = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k))
    query = f"?{urlencode(parameters)}" if parameters else ""
    return f"https://{_plain_site(parts)}{path.rstrip('/')}{query}"


def address_id(url: str) -> str:
    """The canonical form of an address with its fragment, as a remote id."""
    address, mark, name = url.partition("#")
    return f"{canonical_address(address)}{mark}{name}"


def absolute_address(base: str, text: str) -> str:
    """An address on a page made absolute, without a detour; "" for what cannot be parsed, such as http://[email protected]/."""
    try:
        return without_detour(urljoin(base, text))
    except ValueError:
        return ""


def without_detour(url: str) -> str:
    """The address to which a link through a service such as google.com/url leads; any other address unchanged."""
    parts = split_address(url) if "?" in url else None
    if parts is None or not _DETOUR.fullmatch(f"{(parts.netloc or '').lower()}{parts.path}"):
        return url
    parameters = dict(parse_qsl(unescaped(parts.query)))
    aims = (parameters.get(name, "") for name in _DETOUR_PARAMETERS)
    return next((aim for aim in aims if is_web_address(aim)), url)


def split_address(text: str) -> SplitResult:
    """The parts of any address; all of them empty for one that cannot be parsed."""
    try:
        return urlsplit(text)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _is_plain(path: str) -> bool:
    """Whether the escapes of a path can be undone and made again without loss: they are UTF-8 and none is a slash or percent."""
    escapes = re.findall(r"(?:%[0-9A-Fa-f]{2})+", path)
    try:
        return not re.search("[/%]", "".join(unquote(escape, errors="strict") for escape in escapes))
    except UnicodeDecodeError:
        return False


def is_common_host(host: str) -> bool:
    """Whether a host (see host_of) belongs to a service that everybody uses, such as facebook.com, so to no organisation."""
    return bool(_COMMON_HOST.search(host))


def host_of(url: str) -> str:
    """The host of an http(s) address, for comparing: in small letters and ASCII (IDNA), without port, `www.` and final dot.

    `//host/path` counts as an address too. "" where there is no host.
    """
    parts = _parts_with_host(url)
    return _plain_host(parts) if parts else ""


def site_of(url: str) -> str:
    """The host of an http(s) address as host_of gives it, followed by its port unless that is 80 or 443; "" without a host."""
    parts = _parts_with_host(url)
    return _plain_site(parts) if parts else ""


def written_host_of(url: str) -> str:
    """The host of an http(s) address for people to read: as host_of, but in the letters in which the address has it."""
    parts = _parts_with_host(url)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


def same_site(url: str, other: str) -> bool:
    """Whether two addresses have the same site_of, so that links between them lead to no other site."""
    return site_of(url) == site_of(other)


def _parts_with_host(url: str) -> SplitResult | None:
    """The parts of an http(s) address, or of one without its scheme (`//host/path`); None where there is no host."""
    text = unescaped(url.strip())
    parts = _split(f"http:{text}" if text.startswith("//") else text)
    return parts if parts and parts.hostname else None


def _plain_site(parts: SplitResult) -> str:
    host = _plain_host(parts)
    return host if parts.port in (None, 80, 443) else f"{host}:{parts.port}"


def _plain_host(parts: SplitResult) -> str:
    """As host_of, of an address in parts; a host that IDNA does not allow stays as it is."""
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    with suppress(idna.IDNAError):
        host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    return host


def _split(text: str) -> SplitResult | None:
    """The parts of an http(s) address; None for any other text."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is what finds a broken one
    except ValueError:
        return None
    return parts if parts.scheme.lower() in ("http", "https") else None
