"""Looking at the websites that listings name: whether they answer, and what is there by now."""
