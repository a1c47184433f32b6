"""Load scripts: programs that press the services hard and then judge what happened."""
