"""Pages of the section Govern."""
