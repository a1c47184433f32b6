"""deploy/nginx says again what other files say; here they are held together."""

import json
import re

import pytest

from devstack.edge.compressed import is_worth_it
from devstack.edge.upstreams import Upstreams
from shared.chassis.problems import BadRequest, MethodNotAllowed, NotFound, PayloadTooLarge, Problem, Unavailable
from shared.chassis.strict_json import MAX_BODY_BYTES
from tests.compose.stack import ROOT

NGINX = ROOT / "deploy" / "nginx"
PATHS = [
    *("/register", "/login", "/token", "/refresh", "/logout", "/me"),
    *("/events", "/events/1", "/events/browse", "/events/movie/Up/showtimes", "/events/1/seats", "/events/1/seat-plan"),
    *("/best-available", "/hold-seat", "/my-holds", "/release-hold", "/extend-hold"),
    *("/confirm-booking", "/my-bookings", "/cancel-booking/7", "/tickets/7"),
    *("/sales/7", "/check-in", "/check-in/7", "/check-in/7/tickets"),
    *("/eventful", "/metrics", "/docs", "/health", "/"),
]


def test_pages_get_the_headers_of_the_front_end() -> None:
    configured = re.findall(
        r'^add_header\s+(\S+)\s+"(.*)" always;$', (NGINX / "security-headers.conf").read_text(), re.MULTILINE
    )

    by_default = dict(configured) | {"Cache-Control": _page_cache("/movie.html")}
    assert by_default == json.loads((ROOT / "frontend" / "headers.json").read_text())


@pytest.mark.parametrize("file", ["instrument-sans-5.3.0-latin.woff2", "lean-qr-2.7.4.mjs", "qr-0.7.0/decode.js"])
def test_what_is_named_by_its_version_is_kept(file: str) -> None:
    assert (ROOT / "frontend" / "vendor" / file).is_file()
    assert _page_cache(f"/vendor/{file}") == "public, max-age=31536000, immutable"


def test_every_kind_of_file_in_the_front_end_has_a_type() -> None:
    types = (NGINX / "types.conf").read_text()
    kinds = {path.suffix for path in (ROOT / "frontend").rglob("*") if path.is_file()} - {".toml"}

    assert {kind for kind in kinds if not re.search(rf"\s{kind[1:]}[\s;]", types)} == set()


def test_text_is_compressed_as_in_the_development_stack() -> None:
    configuration = (NGINX / "nginx.conf").read_text()
    types = dict(re.findall(r"^ {4}(\S+)\s+(.+);$", (NGINX / "types.conf").read_text(), re.MULTILINE))
    compressed = re.findall(r"^ {4}gzip_types (.*);$", configuration, re.MULTILINE)[0].split()

    # nginx compresses HTML without being told.
    assert {*compressed, "text/html"} == {kind for kind in types if is_worth_it(kind)}
    assert "gzip_comp_level 6;" in configuration
    assert "gzip_vary on;" in configuration


@pytest.mark.parametrize("path", PATHS)
def test_a_path_reaches_the_same_service_as_in_the_development_stack(path: str) -> None:
    edge = Upstreams(auth=["auth-service:8000"], events=["events-service:8001"], booking=["booking-service:8002"])
    found = edge.find(f"/api{path}")
    expected = next(found[0]) if found else ""

    assert _api_service(f"/api{path}") == expected


@pytest.mark.parametrize("problem", [NotFound(), MethodNotAllowed(), Unavailable()], ids=lambda problem: problem.slug)
def test_a_refusal_of_nginx_reads_like_one_of_a_service(problem: Problem) -> None:
    assert _problem(problem.status) == problem.document("$safe_path")


def test_an_address_that_could_not_be_read_is_not_repeated() -> None:
    assert _problem(BadRequest.status) == BadRequest().document("/")


def test_the_limit_for_bodies_is_the_one_of_the_services() -> None:
    assert f"client_max_body_size  {MAX_BODY_BYTES // 1024}k;" in (NGINX / "nginx.conf").read_text()
    expected = PayloadTooLarge(f"A body may have at most {MAX_BODY_BYTES} bytes.").document("$safe_path")
    assert _problem(PayloadTooLarge.status) == expected


def test_what_a_client_says_about_itself_is_overwritten() -> None:
    passed_on = (NGINX / "proxy.conf").read_text()

    assert "proxy_add_x_forwarded_for" not in passed_on
    for name in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"):
        assert re.search(rf"^proxy_set_header {name}\s", passed_on, re.MULTILINE), name


def test_a_write_is_never_sent_to_a_second_instance() -> None:
    assert re.findall(r"^proxy_next_upstream\s+(.*);", (NGINX / "proxy.conf").read_text(), re.MULTILINE) == [
        "error timeout"
    ]


def _api_service(uri: str) -> str:
    """What nginx's `map $uri $api_service` gives."""
    block = re.search(r"map \$uri \$api_service \{(.*?)\}", (NGINX / "nginx.conf").read_text(), re.DOTALL)
    assert block
    for pattern, service in re.findall(r"^\s+~(\S+)\s+(\S+);", block[1], re.MULTILINE):
        if re.search(pattern, uri):
            return str(service)
    return ""


def _page_cache(uri: str) -> str:
    """What nginx's `map $uri $page_cache` gives."""
    block = re.search(r"map \$uri \$page_cache \{(.*?)\n    \}", (NGINX / "nginx.conf").read_text(), re.DOTALL)
    assert block
    default, *patterns = re.findall(r'^\s+"?~?(.+?)"?\s+"(.+)";$', block[1], re.MULTILINE)
    return next((str(kept) for pattern, kept in patterns if re.search(pattern, uri)), str(default[1]))


def _problem(status: int) -> object:
    files = (NGINX / "problems.conf").read_text() + (NGINX / "nginx.conf").read_text()
    returned = re.search(rf"return {status} '(.*)';", files)
    assert returned
    return json.loads(returned[1])
