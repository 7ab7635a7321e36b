"""What each mail says and how it looks, with invented contents, for admins who look after the words."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.i18n import current_language
from platforma.mail import samples
from platforma.mail.samples import SAMPLES, Sample, SampleMail
from platforma.web.context import require_admin, services

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Mails carry their styles in their lines, as mail programs load none."""
blueprint = Blueprint("mail_texts", __name__, url_prefix=f"{DESK}/mail-texts")
blueprint.before_request(require_admin)


@blueprint.get("/")
def all_mails() -> str:
    return render_template("pages/desk/mail_texts.html", mails=[(sample, _rendered(sample).subject) for sample in SAMPLES])


@blueprint.get("/<sample_name>")
def one(sample_name: str) -> str:
    sample = _sample(sample_name)
    return render_template("pages/desk/mail_text.html", sample=sample, mail=_rendered(sample))


@blueprint.get("/<sample_name>/html")
def as_html(sample_name: str) -> Response:
    """The mail's HTML, as a mail program shows it."""
    return Response(_rendered(_sample(sample_name)).html, mimetype="text/html", headers={"Content-Security-Policy": POLICY})


def _sample(name: str) -> Sample:
    return samples.sample_by_name(name) or abort(404)


def _rendered(sample: Sample) -> SampleMail:
    return samples.rendered(services().settings, sample, current_language())
