"""Noise in texts: page builders' shortcodes, cookie notices, "read more" and "back" links, share bars, file names."""

from __future__ import annotations

import re

READ_MORE = (
    "read more|read the full story|learn more|find out more|continue reading|show more|see more|view more|click here|more info"
    "|lasīt vairāk|lasīt tālāk|uzzināt vairāk|skatīt vairāk|vairāk informācijas|loe edasi|loe lähemalt|loe rohkem"
    "|skaityti daugiau|plačiau|skaityti toliau|czytaj więcej|czytaj dalej|dowiedz się więcej|læs mere|læs videre|läs mer"
    "|les mer|lue lisää|mehr lesen|weiterlesen|mehr erfahren|подробнее|читать далее|читати далі|детальніше|lesa meira"
)
"""Texts of links to the full text, in the region's languages."""
_READ_ALSO = (
    "you (?:might|may) also like|read also|see also|lasi(?:et)? arī|skati(?:et)? arī"
    "|te(?:v|vi) varētu (?:patikt|interesēt)(?: arī)?|loe ka|vaata ka|taip pat skaitykite|skaitykite taip pat"
    "|czytaj (?:też|także|również)|zobacz (?:też|także|również)|læs også"
    "|les også|läs (?:också|även)|lue myös|lesa líka|mehr zum thema|lesen sie auch|das könnte (?:sie|dich) auch interessieren"
    "|читайте также|читайте також"
)
"""What stands before links to other texts, in the region's languages."""
_RELATED = (
    "related (?:posts|articles|news)|saistīt(?:ie raksti|ās ziņas)|citi raksti|seotud (?:uudised|artiklid)|susiję straipsniai"
    "|powiązane artykuły|relaterade artiklar|relaterte artikler|relaterede artikler|ähnliche beiträge|похожие (?:статьи|новости)"
)
_BACK = (
    "back to (?:the )?(?:overview|list|news|projects)|atpakaļ(?: uz (?:sarakstu|sākumu|ziņām|jaunumiem|projektiem))?"
    "|tagasi (?:nimekirja|uudiste juurde|algusesse)|atgal(?: į (?:sąrašą|pradžią|naujienas|viršų))?"
    "|(?:wróć|powrót) do (?:listy|aktualności|góry)|tillbaka till (?:listan|nyheter|översikten)"
    "|tilbage til (?:listen|nyheder|oversigten)|tilbake til (?:listen|nyheter|oversikten)"
    "|takaisin (?:listaan|uutisiin|etusivulle)"
    "|zurück(?: zur? (?:übersicht|liste|startseite|nachrichten))?|назад(?: к (?:списку|новостям))?"
)
_COMMENT = (
    "add (?:a )?comment|komentēt|pievienot komentāru|kommenteeri|lisa kommentaar|komentuoti|rašyti komentarą"
    "|skomentuj|dodaj komentarz|kommentera|kommentér|kommenter|kommentoi|kommentieren"
    "|kommentar (?:schreiben|verfassen)|комментировать|оставить комментарий"
)
_NETWORKS = r"(?:facebook|twitter|linkedin|instagram|youtube|whatsapp|telegram|pinterest|e-?mail|x|print|[\s|·,/]){1,12}"
_QUOTED = r"[\"'“”„″’‘«»]{1,2}[^\"“”„″«»\[\]]{0,2000}[\"'“”„″’‘«»]{1,2}"
_ATTRIBUTE = rf"\s+[\w-]{{1,60}}\s*=\s*(?:{_QUOTED}|[^\s\[\]\"“”″]{{1,500}})"
_OPEN_END = r"\s+[\w-]{1,60}\s*=\s*[\"'“”„″’‘«»]{1,2}[^\"“”„″«»\[\]\n]{0,2000}(?=\n|$)"
_BUILDER_PREFIXES = (
    "vc|et|fusion|av|fl|cs|x|mk|nectar|tatsu|thrive|kc|porto|ux|wpb|ms|nd|ult|dt|eltd|qode|mkdf|trx|rev|wp|wpv|su|bt|vcex"
    "|ninja|contact"
)
_SHORTCODES = (
    re.compile(r"\[caption\b[^\[\]]{0,2000}\].{0,2000}?\[/caption\]", re.DOTALL),
    re.compile(rf"\[/?(?:{_BUILDER_PREFIXES})[_-][\w-]{{1,60}}(?:{_ATTRIBUTE}){{0,60}}(?:[^\[\]\n]{{0,500}}\]|{_OPEN_END})?"),
    re.compile(r"\[/?[a-z][a-z0-9]{0,30}_[\w-]{1,60}(?:\s[^\[\]]{0,2000})?\]"),
    re.compile(rf"\[[a-z][\w-]{{1,60}}(?:{_ATTRIBUTE}){{1,60}}\s*/?\]"),
    re.compile(
        r"\[/?(?:row|column|col|section|button|gallery|audio|video|playlist|embed|tabs?|accordion|toggle|spacer|divider|icon|slider|toc)\]"
    ),
    re.compile(r"\[/[a-z][\w-]{1,60}\]"),
)
_HIDDEN_MAIL = re.compile(r"\[\s?(?:email|e-mail)\s?protected\s?\]", re.IGNORECASE)
_READ_MORE_AT_END = re.compile(rf"(?<=[.!?…\]])\s*(?:{READ_MORE})\s*[»›→>]*$", re.IGNORECASE)
_ELLIPSIS_AT_END = re.compile(r"\s*(?:…\s*)?\[(?:…|\.\.\.)\]\s*$")
_NOISE_LINE = re.compile(
    rf"(?:[\[(«‹←]\s*)?(?:{READ_MORE})(?:\s*[»›→>…\])]*|\s.{{0,40}})"
    r"|(?:share|share this|share on|tweet|pin it|follow us|print|dalīties|dalies|padalies|dalies ar šo|jaga|dalintis|udostępnij"
    r"|del|dela|jaa|teilen|(?:artikel|beitrag|news|seite) teilen|поделиться|поділитися)"
    r"(?:\s(?:this|on|ar|draugiem|sociālajos|tīklos|seda|artiklit|tämä|artikkeli|sivu"
    r"|facebook|twitter|linkedin|whatsapp|x|e-mail|email)){0,4}"
    rf"\s*:?\s?(?:{_NETWORKS})?"
    rf"|(?:{_RELATED}|{_BACK}|{_COMMENT}|(?:{_READ_ALSO})(?:\s?:.{{0,120}})?)(?:\s?[:»›→>])?"
    rf"|{_NETWORKS}"
    r"|(?:skip to (?:main )?content|pāriet uz saturu|back to top|uz augšu|leave a (?:comment|reply)|posted (?:in|by|on)\b.{0,60})"
    r"|[\w ()+,.-]{1,100}\.(?:pdf|docx?|xlsx?|pptx?|odt|zip|jpe?g|png|gif|svg|webp)(?:\s?\([^()]{1,30}\))?"
    r"|(?:\S+\s){0,3}logo(?:tips|tipas|type|typ)?(?:\s\S+){0,3}(?<![.!?])",
    re.IGNORECASE,
)
_COOKIE_NOTICE = re.compile(
    r"(?:\buse?s?|using|izmanto\w*|lieto\w*|kasuta\w*|naudoja\w*|używa\w*|korzysta\w*|bruger|bruker|använder|käyttä\w+|verwende\w*|nutz\w+"
    r"|использу\w+|accept|piekrī\w+|nõustu\w*|sutin\w+|akceptu\w+|hyväksy\w*|godkänn\w*|accepter\w*|akzeptier\w*|reject|decline)\b"
    r".{0,60}(?:\bcookies?\b|sīkdat\w+|sīkfail\w+|küpsis\w*|slapuk\w+|ciastecz\w+|kakor\b|eväste\w*|\bcookie-|файлы cookie)"
    r"|\b(?:cookie|cookies|sīkdatņu|küpsiste|slapukų)\s(?:policy|settings|notice|politik\w+|iestatījumi|poliitika|seaded|nustatymai)",
    re.IGNORECASE,
)
MAX_LABEL_LETTERS, MAX_NOTICE_LETTERS = 160, 400
_COOKIE = re.compile(r"cookie|sīkd|sīkfail|küpsi|slapuk|ciastecz|kakor|eväste", re.IGNORECASE)
_SITE_WORD = re.compile(
    r"site|page|web|vietn|lap[au]|leht|svetain|stron|hjemmeside|plats|sivusto|seite|сайт|accept|piekr|policy|politik",
    re.IGNORECASE,
)


def without_shortcodes(text: str) -> str:
    """Plain text without page builders' shortcodes, closed or not; footnotes such as [1] and words such as [at] stay."""
    if "[" not in text:
        return text
    for pattern in _SHORTCODES:
        text = pattern.sub(" ", text)
    return _HIDDEN_MAIL.sub(" ", text)


def is_noise(line: str) -> bool:
    """Whether a line of text is only a "read more" link, a share bar, a file name, a logo or a cookie notice."""
    if len(line) > MAX_NOTICE_LETTERS:
        return False
    if len(line) <= MAX_LABEL_LETTERS and _NOISE_LINE.fullmatch(line):
        return True
    return bool(_COOKIE.search(line) and _COOKIE_NOTICE.search(line) and _SITE_WORD.search(line))


def without_read_more(line: str) -> str:
    """A line without the "read more" link at its end; a mark such as [...] where it was cut becomes an ellipsis."""
    return _ELLIPSIS_AT_END.sub("…", _READ_MORE_AT_END.sub("", line))
