"""Pages of the section Observe."""
