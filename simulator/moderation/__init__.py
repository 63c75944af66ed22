"""Content filters of Microsoft.CognitiveServices: policies, blocklists, and what they catch."""
