"""The discover command: a proposed recipe, printed as text or JSON."""

from __future__ import annotations

from dataclasses import asdict

import click

from crawlers.crawl import propose
from crawlers.discovery.discover import Proposal
from crawlers.discovery.remarks import OF_LIST
from crawlers.recipe import Recipe
from platforma.cli.output import print_json
from platforma.settings import Settings
from platforma.worker.recipe_run import polite_session

FOUND_AS = {
    "wordpress": "Entries of a WordPress site",
    "table": "A table",
    "calendar": "A calendar",
    "feed": "A feed of the newest entries",
    "html": "A list in pages",
    "sitemap": "Pages of a site",
    "structured": "Pages with data for programs",
    "ckan": "Registers of a data portal",
}
"""What the command calls that which an adapter reads."""


def discover(settings: Settings, url: str, *, as_json: bool) -> None:
    """Print the recipe that discovery proposes for an address, with samples of what it reads."""
    with polite_session(settings) as session:
        proposal = propose(url, session)
    if as_json:
        print_json(_proposal_json(proposal))
    else:
        click.echo(_proposal_text(proposal))


def _proposal_json(proposal: Proposal) -> dict[str, object]:
    """The whole proposal; the candidates are sorted by score."""
    candidates = [
        {
            "recipe": _recipe_json(candidate.recipe),
            "expected": candidate.expected,
            "score": candidate.score,
            "remark": candidate.remark,
        }
        for candidate in proposal.candidates
    ]
    return {
        "recipe": _recipe_json(proposal.recipe),
        "samples": [record.to_json() for record in proposal.samples],
        "fields": [asdict(field) for field in proposal.fields],
        "values": [asdict(value) for value in proposal.values],
        "candidates": candidates,
        "tried": proposal.tried,
        "missing": proposal.missing,
    }


def _recipe_json(recipe: Recipe) -> object:
    return recipe.model_dump(mode="json", exclude_defaults=True)


def _proposal_text(proposal: Proposal) -> str:
    samples = [f"{next(iter(record.title.values()), record.remote_id)}  {record.url or ''}" for record in proposal.samples]
    fields = [
        f"{field.name}: {field.coverage:.0%}{_target(field.ours, field.suggestion)}; {' | '.join(field.samples)}"
        for field in proposal.fields
    ]
    values = [
        f"{value.dimension} {value.value!r} ×{value.count}{_target(value.id, value.suggestion)}" for value in proposal.values
    ]
    of_list = [problem.message() for problem in proposal.problems if problem.reason in OF_LIST]
    sections = {
        "Look at this": of_list,
        f"Samples ({len(samples)})": samples,
        "The source's own fields, how many records have them, what they become": fields,
        "Values of closed lists": values,
        "Tried, best first": proposal.tried,
        "Not found": proposal.missing,
    }
    lines = [f"# {_what_it_is(proposal)}", "", "# Proposed recipe", proposal.recipe.to_yaml()]
    for heading, items in sections.items():
        lines += [f"# {heading}", *(f"- {item}" for item in items)] if items else []
    return "\n".join(lines)


def _what_it_is(proposal: Proposal) -> str:
    """One line: what was found, how many entries, and the first three of them."""
    names = ", ".join(next(iter(record.title.values()), record.remote_id) for record in proposal.samples[:3])
    count = f"more than {len(proposal.samples)}" if proposal.is_open_ended else str(proposal.expected)
    return f"{FOUND_AS.get(proposal.recipe.adapter, 'Data for programs')}; entries: {count}, such as {names}"


def _target(ours: str | None, suggestion: str | None) -> str:
    """What a field or value of the source becomes, with a question mark where that is only suggested."""
    return f" -> {ours}" if ours else f" -> {suggestion}?" if suggestion else ""
