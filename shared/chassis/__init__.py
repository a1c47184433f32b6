"""The chassis of a service: app, problems, strict bodies, health, identity, logging."""
