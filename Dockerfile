# One image for every Python process of the stack: the three services, the migration, the one-shot that makes
# the secrets, and the auditor. Which of them a container is, its command says (docker-compose.yml).
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/app:/app/auth-service:/app/events-service:/app/booking-service

WORKDIR /app

# Before the code, so that a change of code does not install everything again.
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore --require-hashes -r requirements.txt

# The numeric user has a passwd entry because libraries ask for the home folder of whoever runs them. The folders are
# the mount points of the secrets' volumes: a new volume takes over their owner.
RUN groupadd --gid 10001 frontrow \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin frontrow \
 && install -d -o 10001 -g 10001 /secrets/app /secrets/postgres /secrets/redis /run/frontrow

COPY --chmod=0755 deploy/with-secrets /usr/local/bin/with-secrets
COPY deploy/make_secrets.py deploy/
COPY shared/ shared/
COPY audit/ audit/
COPY auth-service/ auth-service/
COPY events-service/ events-service/
COPY booking-service/ booking-service/

USER 10001:10001
ENTRYPOINT ["with-secrets"]
