from datetime import date

from bot.rules.routing import Line, Tree, field_for, person_for, seat_for, unit_named

DAY = date(2026, 11, 24)
PROVINCE, CLUSTER, COMMUNE, OTHER, VILLAGE, OLD = 1, 2, 3, 4, 5, 9
TREE = Tree({PROVINCE: None, CLUSTER: PROVINCE, COMMUNE: CLUSTER, OTHER: CLUSTER, VILLAGE: COMMUNE})
FIELDS = [
    (1, "Giao thông", "cầu, đường"),
    (2, "Đất đai", "đất, địa chính"),
    (3, "Biên chế", "công chức địa chính"),
]


def charge(person: int, area: int, until: date | None = None, rank: int = 10) -> Line:
    return Line(person, area, "phu_trach", date(2021, 4, 29), until, rank)


def who(area: int, *lines: Line, tree: Tree = TREE) -> int | None:
    return person_for(area, "phu_trach", DAY, tree=tree, lines=lines)


def test_the_nearest_area_upwards_decides() -> None:
    assert who(VILLAGE, charge(7, CLUSTER), charge(8, COMMUNE)) == 8
    assert who(OTHER, charge(7, CLUSTER), charge(8, COMMUNE)) == 7


def test_nobody_in_charge_is_nobody() -> None:
    assert who(COMMUNE, charge(7, OTHER)) is None


def test_an_assignment_that_is_over_does_not_count() -> None:
    assert who(COMMUNE, charge(7, COMMUNE, until=date(2026, 11, 23))) is None
    assert who(COMMUNE, charge(7, COMMUNE, until=DAY)) == 7


def test_a_follower_is_not_in_charge() -> None:
    assert who(COMMUNE, Line(7, COMMUNE, "theo_doi", date(2021, 1, 1))) is None


def test_of_two_at_the_same_area_the_first_in_protocol_order_has_it() -> None:
    assert who(COMMUNE, charge(7, COMMUNE, rank=20), charge(8, COMMUNE, rank=10)) == 8


def test_an_old_area_is_answered_for_by_its_successor() -> None:
    tree = Tree({**TREE.parents, OLD: PROVINCE}, {OLD: [COMMUNE]})
    assert who(OLD, charge(7, COMMUNE), tree=tree) == 7


def test_an_old_area_that_was_divided_counts_only_when_one_person_has_all_parts() -> None:
    tree = Tree({**TREE.parents, OLD: None}, {OLD: [COMMUNE, OTHER]})
    assert who(OLD, charge(7, COMMUNE), charge(7, OTHER), tree=tree) == 7
    assert who(OLD, charge(7, COMMUNE), charge(8, OTHER), tree=tree) is None


def test_successors_of_successors_are_followed_and_circles_end() -> None:
    tree = Tree(TREE.parents, {OLD: [10], 10: [COMMUNE]})
    assert tree.today(OLD) == [COMMUNE]
    assert Tree({1: 2, 2: 1}, {1: [2], 2: [1]}).today(1) == []
    assert list(Tree({1: 2, 2: 1}).up(1)) == [1, 2]


def test_a_village_speaks_through_the_seat_of_its_commune() -> None:
    assert seat_for(VILLAGE, TREE, frozenset({COMMUNE})) == COMMUNE
    assert seat_for(VILLAGE, TREE, frozenset()) == VILLAGE
    assert seat_for(OLD, Tree({}, {OLD: [COMMUNE]}), frozenset({COMMUNE})) == COMMUNE


def test_the_longest_key_word_proposes_the_field_marks_or_not() -> None:
    assert field_for("Xã thiếu 2 công chức địa chính", FIELDS) == 3
    assert field_for("xa thieu cong chuc dia chinh", FIELDS) == 3
    assert field_for("Sửa cầu thôn 3 trước mùa mưa", FIELDS) == 1


def test_a_key_word_counts_only_as_whole_words() -> None:
    assert field_for("Quốc lộ", [(1, "Đường bộ", "lộ giới")]) is None
    assert field_for("Bà con yêu cầu họp sớm, nhu cau lớn", FIELDS) is None


def test_marks_tell_two_words_apart_where_there_are_marks() -> None:
    health = [(4, "Y tế", "thuốc")]
    assert field_for("việc thuộc thẩm quyền huyện", health) is None
    assert field_for("trạm thiếu THUỐC", health) == 4
    assert field_for("tram thieu thuoc", health) == 4
    assert field_for("đường vào thôn hoà bình", [(5, "Hòa giải", "Hòa Bình")]) == 5


def test_the_body_named_in_a_text_is_the_longest_one_known() -> None:
    units = ["Sở Xây dựng", "Sở Nông nghiệp", "Sở Nông nghiệp và Môi trường"]
    assert unit_named("Giao Sở Xây dựng khảo sát", units) == "Sở Xây dựng"
    assert unit_named("giao so nong nghiep va moi truong xem", units) == units[2]
    assert unit_named("Giao Văn phòng", units) == ""
