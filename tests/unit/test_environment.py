import pytest
from django.core.exceptions import ImproperlyConfigured

from rivet import environment


def test_a_whole_number_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.whole("RIVET_TRUSTED_PROXIES", unless_set=1) == 1
    monkeypatch.setenv("RIVET_TRUSTED_PROXIES", "2")
    assert environment.whole("RIVET_TRUSTED_PROXIES", unless_set=1) == 2


@pytest.mark.parametrize("said", ["two", "-1", "1.5"])
def test_the_number_of_proxies_is_a_whole_number(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("RIVET_TRUSTED_PROXIES", said)

    with pytest.raises(ImproperlyConfigured, match="RIVET_TRUSTED_PROXIES must be a whole number"):
        environment.whole("RIVET_TRUSTED_PROXIES", unless_set=1)
