"""Whether it is an attack on everybody."""

import pytest

from serjeant.detect.describe import coverage
from serjeant.model.account import Account


def house(**departments: int) -> list[Account]:
    return [
        Account(f"{department}{number}", department=department)
        for department, size in departments.items()
        for number in range(size)
    ]


def tried(directory: list[Account], share: float, department: str = "") -> list[str]:
    mine = [each.account for each in directory if not department or each.department == department]
    return mine[: round(share * len(mine))]


@pytest.mark.parametrize(("share", "whole"), [(1.0, True), (0.95, True), (0.94, False), (0.0, False)])
def test_all_accounts_are_nineteen_of_twenty(share: float, whole: bool) -> None:
    directory = house(members=100)
    assert coverage(tried(directory, share), directory).all_accounts is whole


@pytest.mark.parametrize(("share", "whole"), [(0.8, True), (0.79, False), (0.0, False)])
def test_a_department_that_is_spared_says_that_it_is_a_list(share: float, whole: bool) -> None:
    directory = house(members=4000, library=100)
    names = [*tried(directory, 1, "members"), *tried(directory, share, "library")]
    assert coverage(names, directory).all_accounts is whole


def test_a_small_department_proves_nothing() -> None:
    directory = house(members=4000, ushers=29)
    assert coverage(tried(directory, 1, "members"), directory).all_accounts


def test_kinds_count_as_departments_do() -> None:
    directory = [*house(members=4000), *(Account(f"box{number}", kind="shared") for number in range(60))]
    found = coverage(tried(directory, 1, "members"), directory)
    assert not found.all_accounts
    assert [(each.name, each.directory, each.tried) for each in found.kinds] == [
        ("person", 4000, 4000),
        ("shared", 60, 0),
    ]


def test_names_that_are_no_account_do_not_count() -> None:
    directory = house(members=10)
    found = coverage(["root", "members1", "admin"], directory)
    assert (found.directory, found.tried) == (10, 1)
    assert found.share == pytest.approx(0.1)


def test_without_a_directory_nobody_says_all() -> None:
    found = coverage(["ada", "bob"], [])
    assert (found.directory, found.tried, found.all_accounts, found.share) == (0, 2, False, 0.0)


def test_departments_add_up_and_the_largest_comes_first() -> None:
    directory = house(ushers=5, members=20)
    found = coverage(tried(directory, 0.5), directory)
    assert [each.name for each in found.departments] == ["members", "ushers"]
    assert sum(each.tried for each in found.departments) == found.tried
    assert sum(each.directory for each in found.departments) == found.directory
