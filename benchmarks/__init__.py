"""What the figures of the README are made with; each run pairs us with the alternative."""
