"""HTML pages, parsed once: links, labelled facts, schema.org entities, title, main text; and CSS selectors for recipes."""

from crawlers.markup.document import Html

__all__ = ["Html"]
