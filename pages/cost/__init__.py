"""Pages of the section Cost."""
