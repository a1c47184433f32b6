# Loads the sample data (42 events, more than 94,000 seats, 50,000 of them in a stadium) into the Docker Compose stack.
# Safe to run twice: a database that has events is left alone.
# Works in Windows PowerShell 5.1 and in PowerShell 7 on Windows, macOS and Linux. Without PowerShell: populate_database.sh
#
#   ./populate_database.ps1

function Stop-AfterFailure([string] $Advice) {
    if ($LASTEXITCODE -ne 0) {
        Write-Host $Advice
        exit 1
    }
}

if (-not (Get-Command docker -ErrorAction SilentlyContinue)) {
    Write-Host "Docker was not found. Install Docker with Compose: https://docs.docker.com/get-docker/"
    exit 1
}

Push-Location $PSScriptRoot
try {
    Write-Host "1/3  Looking for Docker Compose"
    docker compose version
    Stop-AfterFailure "Docker Compose (version 2.19 or newer) was not found."

    Write-Host "2/3  Starting the database and Redis, and waiting until they are healthy (the first time takes minutes)"
    docker compose --progress quiet up --detach --wait postgres redis
    Stop-AfterFailure "They did not become healthy. See what they say: docker compose logs postgres redis"

    Write-Host "3/3  Migrating the database and loading the sample data"
    docker compose --progress quiet run --rm -T events-service python -m events_service.seeding
    Stop-AfterFailure "The sample data was not loaded; the database is as it was before."

    Write-Host "Done. To start everything: docker compose up --detach --wait"
}
finally {
    Pop-Location
}
