"""Pages of the section Local."""
