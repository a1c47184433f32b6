"""Everything public in the product says what it is for."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from devstack.paths import ROOT

PACKAGES = (
    "shared",
    "auth-service/auth_service",
    "events-service/events_service",
    "booking-service/booking_service",
    "audit",
)
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | Function


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 50


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_public_name_has_a_docstring(path: Path) -> None:
    silent = [name for name, node in _public(_parsed(path)) if not ast.get_docstring(node)]

    assert silent == []


def _public(module: ast.Module) -> Iterator[tuple[str, Documented]]:
    """The module, its public functions and classes, and their public methods. Not what is inside of functions, and not
    a method that does what a base class of ours has described already.
    """
    if module.body:
        yield "the module", module
    for node in _public_definitions(module):
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            described = {name for base in _bases(node) for name in _described(base)}
            for method in _public_definitions(node):
                if method.name not in described:
                    yield f"{node.name}.{method.name}", method


def _public_definitions(parent: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | Function]:
    for node in parent.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def _described(class_name: str) -> frozenset[str]:
    """Methods with docstrings of a class of ours, its base classes included."""
    node = _classes().get(class_name)
    if node is None:
        return frozenset()
    own = {method.name for method in _public_definitions(node) if ast.get_docstring(method)}
    return frozenset(own.union(*(_described(base) for base in _bases(node))))


def _bases(node: ast.ClassDef) -> list[str]:
    return [base.id for base in node.bases if isinstance(base, ast.Name)]


@cache
def _classes() -> dict[str, ast.ClassDef]:
    return {node.name: node for path in MODULES for node in ast.walk(_parsed(path)) if isinstance(node, ast.ClassDef)}


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
