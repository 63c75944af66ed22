"""Log Analytics: a workspace with the logs of the gateway that stands before some deployments."""
