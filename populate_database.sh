#!/bin/sh
# Loads the sample data (42 events, more than 94,000 seats, 50,000 of them in a stadium) into the Docker Compose stack.
# Safe to run twice: a database that has events is left alone.
# The twin of populate_database.ps1, for those without PowerShell.
#
#   ./populate_database.sh

stop() {
    echo "$1"
    exit 1
}

command -v docker >/dev/null ||
    stop "Docker was not found. Install Docker with Compose: https://docs.docker.com/get-docker/"

cd "$(dirname "$0")" || exit 1

echo "1/3  Looking for Docker Compose"
docker compose version ||
    stop "Docker Compose (version 2.19 or newer) was not found."

echo "2/3  Starting the database and Redis, and waiting until they are healthy (the first time takes minutes)"
docker compose --progress quiet up --detach --wait postgres redis ||
    stop "They did not become healthy. See what they say: docker compose logs postgres redis"

echo "3/3  Migrating the database and loading the sample data"
docker compose --progress quiet run --rm -T events-service python -m events_service.seeding ||
    stop "The sample data was not loaded; the database is as it was before."

echo "Done. To start everything: docker compose up --detach --wait"
