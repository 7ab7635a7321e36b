"""Use without a network: the service worker, the page about it, and the catalogue that a device can keep and search."""
