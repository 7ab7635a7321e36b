"""The proposal of a recipe, printed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from crawlers.discovery.discover import Proposal
from crawlers.discovery.discover import discover as propose
from crawlers.recipe import Recipe
from platforma.cli.output import print_json
from platforma.settings import Settings
from platforma.worker.recipe_run import polite_session


def discover(settings: Settings, url: str, *, as_json: bool) -> None:
    """Print what discovery proposes."""
    with polite_session(settings) as session:
        proposal = propose(url, session)
    if as_json:
        print_json(_proposal_json(proposal))
    else:
        click.echo(_readable(proposal))


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    """The whole proposal; what was tried in the order of the scores."""
    candidates = [
        {"recipe": _recipe_json(one.recipe), "expected": one.expected, "score": one.score, "remark": one.remark}
        for one in proposal.candidates
    ]
    return {
        "recipe": _recipe_json(proposal.recipe),
        "samples": [record.to_json() for record in proposal.samples],
        "fields": [asdict(one) for one in proposal.fields],
        "values": [asdict(one) for one in proposal.values],
        "candidates": candidates,
        "tried": proposal.tried,
        "missing": proposal.missing,
    }


def _recipe_json(recipe: Recipe) -> dict[str, Any]:
    data: dict[str, Any] = recipe.model_dump(mode="json", exclude_defaults=True)
    return data


def _readable(proposal: Proposal) -> str:
    samples = [f"{next(iter(record.title.values()), record.remote_id)}  {record.url or ''}" for record in proposal.samples]
    fields = [
        f"{one.name}: {one.coverage:.0%}{_becomes(one.ours, one.suggestion)}; {' | '.join(one.samples)}"
        for one in proposal.fields
    ]
    values = [f"{one.dimension} {one.value!r} ×{one.count}{_becomes(one.id, one.suggestion)}" for one in proposal.values]
    parts = {
        f"Samples ({len(samples)})": samples,
        "The source's own fields, how many records have them, what they become": fields,
        "Values of closed lists": values,
        "Tried, best first": proposal.tried,
        "Not found": proposal.missing,
    }
    lines = ["# Proposed recipe", proposal.recipe.to_yaml()]
    for heading, found in parts.items():
        lines += [f"# {heading}", *(f"- {line}" for line in found)] if found else []
    return "\n".join(lines)


def _becomes(ours: str | None, suggestion: str | None) -> str:
    return f" -> {ours}" if ours else f" -> {suggestion}?" if suggestion else ""
