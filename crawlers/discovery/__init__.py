"""Discovery: an address in, a proposed recipe with sample records out. Adapters must not import it."""
