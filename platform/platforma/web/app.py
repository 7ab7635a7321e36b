"""The Flask application over the services of an installation, put together in small steps."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from platforma import i18n
from platforma.catalogue.terms.live_thesaurus import LiveThesaurus
from platforma.services import Services
from platforma.web import assets, errors, fragments, kept_pages, observing, packing
from platforma.web.context import absolute, is_admin, is_personal, may_decide, may_open_desk, signed_in
from platforma.web.desk import (
    accounts,
    audit,
    bulk,
    catalogue,
    claimed,
    concepts,
    conflicts,
    crawls,
    decided,
    duplicates,
    edit,
    gap_pages,
    held_back,
    held_crawls,
    listings,
    mail_texts,
    mails,
    next_items,
    operation,
    passkeys,
    platforms,
    recipes,
    removals,
    replies,
    roles,
    stale,
    terms,
    today,
    translations,
    vain_searches,
    versions,
)
from platforma.web.desk import corrections as desk_corrections
from platforma.web.desk.covering import covered
from platforma.web.desk.decided_lines import said_decision
from platforma.web.desk.rooms import desk_rooms
from platforma.web.desk.taken import taken
from platforma.web.partner import conversation, leaving, mapping, own_listings, own_platforms, own_tables, people, proving
from platforma.web.partner import visits as own_visits
from platforma.web.public import (
    account,
    additions,
    claims,
    corrections,
    desk_mails,
    dumps,
    feeds,
    landing,
    letters,
    listing,
    metrics,
    open_answers,
    open_search,
    partner,
    partner_mails,
    pictures,
    prose,
    reports,
    results,
    search_map,
    sharing,
    site_icons,
    sitemaps,
    start,
    statistics_page,
    subscriptions,
    table,
    visits,
)
from platforma.web.public import platforms as public_platforms
from platforma.web.public.api import initiatives, lists, maps_elsewhere, openapi
from platforma.web.public.embed import badge, configurator
from platforma.web.public.form_traps import opened_now
from platforma.web.public.offline import views as offline
from platforma.web.public.reconciliation import service as reconciliation
from platforma.web.public.tables import views as sent_tables
from platforma.web.public.take import views as take
from platforma.web.shortening import WithoutIndentation
from platforma.web.templating import PageEnvironment
from platforma.worker.indexing_thread import IndexingThread

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; worker-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SEARCHING = (
    "directory",
    "api",
    "dumps",
    "feeds",
    "take",
    "subscriptions",
    "additions",
    "tables",
    "sharing",
    "embed",
    "badge",
    "offline",
    "open_search",
    "reconciliation",
    "desk",
    "crawls",
    "recipes",
    "concepts",
    "terms",
    "vain_searches",
)
"""Blueprints whose pages search, or show words of the vocabulary."""
VIEWS = (
    start,
    results,
    table,
    search_map,
    landing,
    open_search,
    listing,
    public_platforms,
    prose,
    statistics_page,
    feeds,
    metrics,
    sitemaps,
    take,
    initiatives,
    lists,
    maps_elsewhere,
    reconciliation,
    openapi,
    dumps,
    account,
    partner,
    sent_tables,
    own_platforms,
    own_tables,
    conversation,
    leaving,
    mapping,
    people,
    proving,
    own_visits,
    reports,
    subscriptions,
    desk_mails,
    partner_mails,
    letters,
    corrections,
    additions,
    visits,
    pictures,
    sharing,
    configurator,
    badge,
    site_icons,
    offline,
    today,
    platforms,
    listings,
    gap_pages,
    held_back,
    held_crawls,
    duplicates,
    conflicts,
    translations,
    next_items,
    decided,
    replies,
    edit,
    versions,
    catalogue,
    bulk,
    audit,
    concepts,
    crawls,
    recipes,
    mails,
    mail_texts,
    desk_corrections,
    accounts,
    operation,
    passkeys,
    removals,
    roles,
    terms,
    vain_searches,
    stale,
    claims,
    own_listings,
    claimed,
)
"""Modules with views; several modules of the desk add theirs to one blueprint."""


def create_app(services: Services) -> Flask:
    """The site over these services, which stay open as long as it runs."""
    settings = services.settings
    app = Flask("platforma", template_folder=str(settings.templates_dir), static_folder=None)
    app.jinja_environment = PageEnvironment
    app.config.update(SECRET_KEY=services.secret_key, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True)
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # whoever writes for long must not lose it; tokens end with their session
    app.config.update(SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"), MAX_CONTENT_LENGTH=1_000_000)
    app.extensions["platforma"] = services
    app.extensions["indexing"] = IndexingThread(services)
    packing.init_app(app)
    i18n.init_app(app, settings.translations_dir, settings.time_zone)
    observing.init_app(app, settings)
    _register_refusals(app)
    assets.init_app(app, settings.static_dir)
    _register_pages(app)
    _register_thesaurus(app, services.thesaurus)
    _register_headers(app, settings.tile_source)
    kept_pages.init_app(app, services)
    _register_proxies(app, settings.trusted_proxies)
    return app


def _register_pages(app: Flask) -> None:
    csrf = CSRFProtect(app)
    csrf.exempt(reconciliation.reconcile_form)  # it reads only, and programs of other sites post there
    csrf.exempt(visits.click)  # it only counts, and a page that is for everybody holds no token
    for end in (
        subscriptions.end_by_header, letters.end_by_header, desk_mails.end_by_header, desk_mails.end_urgent_by_header,
        partner_mails.end_by_header,
    ):  # fmt: skip
        csrf.exempt(end)  # mail programs post there; the signed token in the address stands for the person
    app.jinja_env.globals.update(
        absolute=absolute,
        desk_rooms=desk_rooms,
        said_decision=said_decision,
        fixed_url=i18n.fixed_url,
        is_admin=is_admin,
        lang_attribute=i18n.lang_attribute,
        opened_now=opened_now,
        may_decide=may_decide,
        may_open_desk=may_open_desk,
        signed_in=signed_in,
        taken=taken,
    )
    app.jinja_env.filters["covered"] = covered
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(WithoutIndentation)
    for blueprint in dict.fromkeys(module.blueprint for module in VIEWS):
        app.register_blueprint(blueprint)
    errors.init_app(app)
    fragments.init_app(app)
    open_answers.init_app(app)


def _register_refusals(app: Flask) -> None:
    """Answer 400 to the character NUL, which PostgreSQL cannot store, in addresses with their parameters and in forms."""

    @app.before_request
    def refuse_nul() -> None:
        sent = (text for one in (request.args, request.form) for texts in one.listvalues() for text in texts)
        if any("\0" in text for text in (request.path, *sent)):
            abort(400)


def _register_thesaurus(app: Flask, thesaurus: LiveThesaurus) -> None:
    """Before each search, read what curators changed in the thesaurus and the vocabulary, at most once in some seconds."""

    @app.before_request
    def refresh() -> None:
        if request.blueprint in SEARCHING:
            thesaurus.refresh()


def _register_headers(app: Flask, tile_source: str) -> None:
    """Add HEADERS to each answer, and to what is for one person that nobody else may be given it, nor a device keep it.

    Pictures may come from the server of map tiles (`tile_source`), where there is one.
    """
    headers = {"Content-Security-Policy": CSP.format(tiles=f" {tile_source}".rstrip()), **HEADERS}

    @app.after_request
    def add_headers(answer: Response) -> Response:
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        if is_personal():
            answer.headers.setdefault("Cache-Control", "private")
        return answer


def _register_proxies(app: Flask, trusted: int) -> None:
    """Take the client's address and scheme from this many proxies in front of the site (X-Forwarded-For, -Proto)."""
    if trusted:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted)  # type: ignore[method-assign] # as Werkzeug documents it
