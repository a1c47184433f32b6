"""What the three services have in common: schema, contracts between services, service chassis. Nothing else gets in."""
