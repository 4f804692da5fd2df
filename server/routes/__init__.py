"""HTTP: accounts, health and figures, the web client's files."""
