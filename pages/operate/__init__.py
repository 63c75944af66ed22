"""Pages of the section Operate."""
