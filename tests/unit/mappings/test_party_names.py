import pytest

from integrations.mappings.parties import normalised


@pytest.mark.parametrize(
    "other", ["Blue Ridge Dry Wall Inc", "BLUE RIDGE DRYWALL", "Blue-Ridge Drywall, LLC.", "The Blue Ridge Drywall Co."]
)
def test_case_punctuation_and_legal_form_do_not_count(other: str) -> None:
    assert normalised(other) == normalised("Blue Ridge Drywall")


@pytest.mark.parametrize("other", ["Blue Ridge Painting", "Ridge Drywall", ""])
def test_other_firms_stay_other_firms(other: str) -> None:
    assert normalised(other) != normalised("Blue Ridge Drywall")


def test_letters_of_every_language_count() -> None:
    assert normalised("Ünïcode Bau GmbH 🏗") == "ünïcodebau"
