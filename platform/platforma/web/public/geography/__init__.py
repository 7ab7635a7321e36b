"""Maps drawn on the server, and the shapes below all maps: projection, clipping, places of marks; no request, no template."""
