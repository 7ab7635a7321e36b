"""Values that a hostile visitor sends, as the bytes that go over the wire; each that aims at a page carries MARK."""

from __future__ import annotations

from random import Random

from tests.samples.hostile import HOSTILE

MARK = "zqx"
"""What no page of ours has by itself: an element, an attribute or a header of this name comes from a hostile value."""
PRODUCT = "1787569"
"""What TEMPLATES make where they are run."""
ELSEWHERE = f"{MARK}.example"
"""The host that no redirect may lead to."""
MARKUP = (
    "<{0}>", '"><{0}>', "'><{0} a='", '" {0}="1', "' {0}='1", "` {0}=`", "</title><{0}>", "</textarea><{0}>", "</script><{0}>", "</style><{0}>",
    "</option></select><{0}>", "--><{0}>", "]]><{0}/>", "<svg/onload={0}()>", "<img src=x onerror={0}()>", "<a href=javascript:{0}()>x</a>",
    "javascript:{0}()", "JAVASCRIPT:{0}()", "java\nscript:{0}()", "\x01javascript:{0}()", "data:text/html,<{0}>", "vbscript:{0}", "https://x.example/\"><{0}>",
    "https://x.example/' {0}='", "a\"{0}=1@x.example", "&lt;{0}&gt;", "&#60;{0}&#62;", "%3C{0}%3E", "＜{0}＞", "\ufe64{0}\ufe65", "<scr<script>ipt><{0}>", "<{0}\x00>",
    "<!--<{0}>", "<![CDATA[<{0}>]]>", "<math><mi><{0}>", "<noscript><p title=\"</noscript><{0}>\">", "[x](javascript:{0}())", "**<{0}>**", "\\u003c{0}\\u003e", "\u2028<{0}>",
)  # fmt: skip
TEMPLATES = ("{{{{ 1337*1337 }}}}{0}", "{{% if 1 %}}{{{{ 1337*1337 }}}}{0}", "${{1337*1337}}{0}", "#{{1337*1337}}{0}", "<%= 1337*1337 %>{0}", "{{{{ self.__init__.__globals__ }}}}{0}", "%({0})s", "{{{0}!r}}", "%s%n{0}")  # fmt: skip
STATEMENTS = ("{0}' OR '1'='1", "{0}'; DROP TABLE initiative; --", '{0}" OR ""="', "{0}') UNION SELECT NULL --", "{0}%' ESCAPE '", "{0} AND (", '{0} "', "{0}*", "-{0}", "country:{0}:", "{0}~9^9", "[{0} TO", "\\{0}")  # fmt: skip
LINES = ("{0}\r\nX-Zqx: 1", "{0}\nBcc: {0}@x.example", "{0}\r\n\r\n<{0}>", "{0}\rSet-Cookie: {0}=1", "{0}\u2028X-Zqx: 1", "{0}\x85X-Zqx: 1", "{0}\x0bX-Zqx: 1", "a@x.example\r\nBcc: {0}@x.example", "a@x.example,{0}@x.example")  # fmt: skip
PATHS = (
    "../../../../etc/passwd",
    "..%2f..%2fetc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "..\\..\\windows",
    "/etc/passwd",
    "file:///etc/passwd",
    "....//....//etc/passwd",
    "/proc/self/environ",
)
NEXT = ("//{0}/", "///{0}/", "/\\{0}/", "\\\\{0}/", "https://{0}/", "https:{0}", "/\t/{0}/", "\t//{0}/", " //{0}/", "/%09/{0}/", "/%5c{0}/", "http://127.0.0.1@{0}/", "/lv/../..//{0}/", "/.//{0}/", "//{0}\\@127.0.0.1/", "/\x00/{0}")  # fmt: skip
NUMBERS = ("-1", "0", "-0", "1.5", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 30, "9" * 400, "9" * 5000, "1e999", "NaN", "Infinity", "0x10", "1_0", "٣", "²", "½", " 1", "1 ", "+1", "true")  # fmt: skip
BROKEN = (
    b"\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xed\xb0\x80zqx",
    b"\xf4\x90\x80\x80",
    b"\x80" * 50,
    b"zqx\x00",
    b"\x00",
    b"a\xe4\xbd",
    b"\xfe\xff\x00z",
    b"\xef\xbb\xbf",
    b"\xf8\x88\x80\x80\x80",
    b"zqx\xc3(",
    b"\x1b[31mzqx",
)
BIDI = ("\u202e{0}\u202c", "\u2066{0}\u2069", "\u200f{0}", "\u061c{0}", "{0}" + "\u0301" * 500, "\ufeff{0}", "\ufffe{0}", "\uffff{0}", "\U000e0041{0}", "\u200b{0}\u200d", "\U0010ffff{0}", "\x01\x02{0}\x7f", "\x08{0}\x1b[2J")  # fmt: skip
GREATEST_BYTES = 1_200_000
"""A little more than a form may have."""


def hostile(random: Random, ids: list[str] | None = None) -> bytes:
    """A hostile value of any sort; `ids` are those of other things, as pages name them."""
    made = random.choice((_marked, _marked, _marked, _listed, _number, _broken, _long, _id))
    return made(random, ids or ["1"])


def marked(random: Random) -> bytes:
    """A value that aims at a page, which a form with a field for texts may well take."""
    return random.choice(MARKUP + TEMPLATES).format(MARK).encode()


def elsewhere(random: Random) -> bytes:
    """A value that aims at where a redirect leads."""
    return random.choice(NEXT).format(ELSEWHERE).encode()


def _marked(random: Random, _ids: list[str]) -> bytes:
    text = random.choice(random.choice((MARKUP, MARKUP, TEMPLATES, STATEMENTS, LINES, BIDI))).format(MARK)
    return text.encode()


def _listed(random: Random, _ids: list[str]) -> bytes:
    return random.choice(HOSTILE + PATHS).encode("utf-8", "surrogatepass")


def _number(random: Random, _ids: list[str]) -> bytes:
    return random.choice(NUMBERS).encode()


def _broken(random: Random, _ids: list[str]) -> bytes:
    return random.choice(BROKEN)


def _long(random: Random, _ids: list[str]) -> bytes:
    size = random.choice((300, 3_000, 3_000, 30_000, 30_000, 300_000, GREATEST_BYTES))
    return (random.choice(("a", "ā", "a ", "(", "<b>", "a\n", "\u0301", ",", "zqx,")).encode() * size)[:size]


def _id(random: Random, ids: list[str]) -> bytes:
    return random.choice(ids).encode()
