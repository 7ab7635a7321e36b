"""The doctor and mail commands: whether an installation is well, and whether a mail arrives."""

from __future__ import annotations

import os
from email.message import EmailMessage

import click

from crawlers.values.email_addresses import is_email
from platforma.cli.output import CommandFailed, print_json, tell
from platforma.health.examination import examine
from platforma.health.finding import Finding, Health
from platforma.mail import smtp
from platforma.settings import Settings

MARKS = {Health.WELL: "ok", Health.WEAK: "!", Health.ILL: "!!"}


def doctor(settings: Settings, *, as_json: bool) -> None:
    """Print what is found of each part, as it is found. Raises CommandFailed where a part does not work."""
    findings = []
    for finding in examine(settings, os.environ):
        findings.append(finding)
        if not as_json:
            click.echo(_lines_of(finding))
    if as_json:
        print_json([_json_of(finding) for finding in findings])
    ill = [finding.part for finding in findings if finding.health == Health.ILL]
    weak = sum(finding.health == Health.WEAK for finding in findings)
    if ill:
        raise CommandFailed(f"not well: {', '.join(dict.fromkeys(ill))}")
    tell(f"all parts work; {weak} could be better" if weak else "all is well")


def test_mail(settings: Settings, address: str) -> None:
    """Hand a short mail for this address to the mail server at once, past the queue. Raises CommandFailed."""
    if not is_email(address):
        raise CommandFailed(f"{address!r} is no e-mail address, such as name@organisation.lv")
    if not settings.mail_url:
        raise CommandFailed("no mail server is set; set PLATFORMA_MAIL_URL, such as smtp://user:password@host:587")
    if not settings.may_mail(address):
        raise CommandFailed(f"PLATFORMA_MAIL_ONLY_TO does not name {address}")
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, address
    message["Subject"] = "Platforma platformām: izmēģinājuma vēstule / a test mail"
    site = settings.base_url
    message.set_content(f"Šī vēstule ir no {site}, un e-pasts darbojas.\n\nThis mail is from {site}, and e-mail works.\n")
    try:
        smtp.send(settings.mail_url, message, to=address, before_data=lambda: None)
    except smtp.MailError as error:
        raise CommandFailed(f"the mail was not taken: {error}") from error
    tell(f"the mail server took a mail to {address}; look whether it arrives, and whether it lies among unwanted mail")


def _lines_of(finding: Finding) -> str:
    line = f"{MARKS[finding.health]:2} {finding.part}: {finding.seen % dict(finding.values)}"
    return f"{line}\n   → {finding.advice % dict(finding.values)}" if finding.advice else line


def _json_of(finding: Finding) -> dict[str, str]:
    values = dict(finding.values)
    return {
        "part": finding.part, "health": finding.health, "seen": finding.seen % values, "advice": finding.advice % values,
    }  # fmt: skip
