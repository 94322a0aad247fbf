"""Options of the test run: `--many` asks the property tests for 10,000 examples each."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("plain", max_examples=200, deadline=None)
settings.register_profile(
    "many", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--many", action="store_true", help="10,000 examples for each property test, not 200"
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("many" if config.getoption("--many") else "plain")
