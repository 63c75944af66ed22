"""What is drawn from a frame, and how: figures, charts, tables, states, dialogs."""
