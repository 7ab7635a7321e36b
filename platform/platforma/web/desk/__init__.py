"""The desk: pages for curators only. What visitors see too belongs in public."""
