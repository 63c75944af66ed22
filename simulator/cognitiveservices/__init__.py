"""Microsoft.CognitiveServices: routes, handlers, state, faults, and the catalogue of models."""
