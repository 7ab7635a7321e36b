"""HTML pages: parsed once for their links, facts, entities, title and main text; and typed selectors for recipes."""

from crawlers.markup.document import Html

__all__ = ["Html"]
