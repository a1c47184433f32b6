"""How it is told: on the terminal, as JSON, and as one HTML page with plots. Pure: texts from results."""
