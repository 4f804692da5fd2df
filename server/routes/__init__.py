"""HTTP: accounts, places, alerts for the world, health and figures, the web client's files."""
