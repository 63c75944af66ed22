"""Pages of the section Rollout."""
