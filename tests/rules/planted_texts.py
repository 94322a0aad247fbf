"""Texts of 200 visits as cadres write them: 180 honest ones, 20 taken from earlier ones."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.rules.likeness import Entry

OPENINGS = (
    "Dự sinh hoạt chi bộ {place}, dự họp có {n} đảng viên, sinh hoạt đúng kỳ, đúng nội dung.",
    "Làm việc với Thường trực Đảng ủy xã về tình hình kinh tế - xã hội, quốc phòng, an ninh.",
    "Họp {place}, có {n} hộ dân dự, không khí cởi mở, thẳng thắn.",
    "Cùng Bí thư Đảng ủy xã {name} đi thực tế tại {place}.",
    "Tình hình tư tưởng của cán bộ, đảng viên và Nhân dân cơ bản ổn định, đồng thuận với chủ "
    "trương của Đảng, chính sách, pháp luật của Nhà nước.",
    "An ninh chính trị, trật tự an toàn xã hội trên địa bàn được giữ vững, không có điểm phức tạp.",
)
ABOUT = (
    "đoạn kênh dài {n} mét bị sạt sau đợt mưa",
    "giá mì xuống còn {n} đồng một ký",
    "đường bê tông hỏng {n} chỗ, học sinh đi lại vất vả",
    "trường mẫu giáo thiếu {n} phòng học, các cháu học nhờ nhà văn hóa",
    "trạm bơm chạy bằng máy cũ, mỗi vụ hỏng {n} lần",
    "hộ nuôi tôm xả nước ra mương chung của {n} hộ làm muối",
    "{n} hộ ở khu dân cư mới chưa nhận tiền bồi thường",
    "dịch tả heo ở {n} hộ, đã tiêu hủy {m} con",
    "bộ phận một cửa quá tải sau sáp nhập",
    "chợ xuống cấp, {n} tiểu thương bán ra lòng đường",
    "rừng keo bị chặt trộm {n} gốc",
    "nước sinh hoạt có phèn, {n} hộ mua nước bình",
    "trợ cấp người cao tuổi chi trả chậm {n} ngày",
    "chi đoàn chỉ còn {n} đoàn viên sinh hoạt",
    "{n} tàu cá nằm bờ vì giá dầu",
    "cột điện nghiêng từ bão số {n}",
    "điểm tập kết rác bốc mùi, {n} ngày mới có một chuyến xe",
    "hồ chứa thấm ở thân đập, mực nước còn {n} phần trăm",
    "bưởi da xanh của {n} hộ chưa có chỗ tiêu thụ",
    "sổ đỏ của {n} hộ làm từ năm ngoái chưa xong",
    "nhà máy gạch khói bụi về đêm, {n} người ký đơn",
    "{n} ca sốt xuất huyết mà bác sĩ trạm y tế nghỉ thai sản",
    "cầu tạm do dân góp {n} triệu đồng, mùa lũ phải tháo ván",
    "xe chở cát làm nứt tường {n} nhà",
    "{n} hộ cận nghèo xin vay vốn nuôi bò",
    "dồn điền đổi thửa mới được {n} phần trăm hộ đồng ý",
)
WHO = (
    *(
        "Bà con {place} lo",
        "Nhân dân {place} phản ánh",
        "Chi bộ {place} báo cáo",
        "Cử tri {place} hỏi",
    ),
    *("Ban Công tác Mặt trận {place} nêu", "Trưởng {place} cho biết", "Đi thực tế {place}, thấy"),
    *(
        "Hội Nông dân {place} cho rằng",
        "Nhiều hộ {place} bức xúc vì",
        "Đảng viên {place} trăn trở về",
    ),
)
WHY = (
    *(
        "nguyên nhân do nhà thầu bỏ dở",
        "xã đã kiểm tra nhưng chưa có kinh phí",
        "do vướng ranh giới",
    ),
    *(
        "trước đây xã hứa làm trong tháng {m}",
        "việc này kéo dài từ nhiệm kỳ trước",
        "do thiếu người",
    ),
    *("đơn vị thi công chưa trả lời", "huyện cũ bàn giao thiếu hồ sơ", "do nắng hạn kéo dài"),
    *(
        "vì hợp đồng ghi không rõ",
        "do hai ngành hiểu quy định khác nhau",
        "chưa ai đứng ra nhận việc",
    ),
    *("năm ngoái đã xảy ra một lần", "vì giá vật tư tăng", "do dân chưa được họp bàn"),
)
WISH = (
    *(
        "mong có câu trả lời trước Tết",
        "xin hỗ trợ vật tư, dân góp công",
        "muốn gặp trực tiếp chủ đầu tư",
    ),
    *("xin được khoanh nợ một năm", "đề nghị công khai danh sách", "xin cắm biển cảnh báo ngay"),
    *("mong ngành chuyên môn về xem", "xin giãn thời hạn nộp", "đề nghị đối thoại tại nhà văn hóa"),
    *(
        "chỉ mong xã đừng hẹn lại nữa",
        "xin dạy nghề cho lao động trẻ",
        "đề nghị thay người phụ trách",
    ),
    *(
        "xin lấy mẫu nước xét nghiệm",
        "mong tỉnh bố trí vốn trung hạn",
        "muốn được đi học tập nơi khác",
    ),
)
ADVICE = (
    "Đề nghị xã rà soát, công khai danh sách và trả lời bà con trước ngày {n}/{m}.",
    "Góp ý chi bộ phân công đảng viên theo dõi từng nhóm hộ, mỗi người {n} hộ.",
    "Đề nghị Đảng ủy đưa nội dung này vào nghị quyết tháng tới, giao đồng chí {name} phụ trách.",
    "Trao đổi với xã mời điện lực, ngân hàng cùng dự buổi đối thoại ngày {n}/{m}.",
    "Góp ý xã lập tổ tự quản, kinh phí vận động {n} triệu đồng.",
    "Đề nghị xã kiểm tra hồ sơ, hẹn dân lại sau {n} ngày làm việc.",
    "Nhắc xã thông tin kết quả cho dân tại buổi họp {place} lần sau.",
)
ENDINGS = (
    "Hồ sơ, sổ ghi biên bản đầy đủ.",
    "Các nội dung hẹn kỳ trước xã đã thực hiện một phần.",
    "Nhân dân đồng thuận với chủ trương của xã.",
    "Không có vấn đề phức tạp phát sinh.",
)
HAMLETS = (*(f"thôn {n}" for n in range(1, 9)), "xóm Bàu", "xóm Gò", "khu phố Đông", "làng Kà")
NAMES = ("Trần Thị Hòa", "Lê Văn Giả", "Đỗ Thị Thử", "Ngô Văn Ví", "Hồ Thị Mẫu")
SWAPPED = (
    ("bà con", "nhân dân"),
    ("đề nghị", "kiến nghị"),
    ("khó khăn", "vất vả"),
    ("chưa", "vẫn chưa"),
    ("nhiều", "khá nhiều"),
    ("phản ánh", "cho biết"),
    ("cơ bản ổn định", "ổn định"),
    ("còn", "hiện còn"),
)


def honest(chance: random.Random) -> str:
    """Stock phrases that everybody uses around what that day was about."""
    said = [
        *chance.sample(OPENINGS, chance.choice((1, 2))),
        *(_happened(about, chance) for about in chance.sample(ABOUT, chance.choice((2, 3)))),
        chance.choice(ADVICE),
        *chance.sample(ENDINGS, chance.choice((0, 1))),
    ]
    return " ".join(_filled(one, chance) for one in said)


def _happened(about: str, chance: random.Random) -> str:
    clauses = [f"{chance.choice(WHO)} {about}", chance.choice(WHY), chance.choice(WISH)]
    return ", ".join(clauses[: chance.choice((2, 3, 3))]) + "."


def _filled(sentence: str, chance: random.Random) -> str:
    return sentence.format(
        place=chance.choice(HAMLETS),
        name=chance.choice(NAMES),
        n=chance.randint(2, 90),
        m=chance.randint(1, 12),
    )


def copied(text: str, chance: random.Random) -> str:
    """Somebody's text with other names, numbers and days, and a word here and there."""
    for place in HAMLETS:
        text = text.replace(place, chance.choice(HAMLETS))
    for name in NAMES:
        text = text.replace(name, chance.choice(NAMES))
    for old, new in chance.sample(SWAPPED, 4):
        text = text.replace(old, new).replace(old.capitalize(), new.capitalize())
    text = "".join(str(chance.randint(1, 9)) if sign.isdigit() else sign for sign in text)
    sentences = text.split(". ")
    if chance.random() < 0.5 and len(sentences) > 3:
        sentences.pop(chance.randrange(len(sentences)))
    if chance.random() < 0.3:
        sentences.insert(1, _filled(chance.choice(ENDINGS), chance).rstrip("."))
    return ". ".join(sentences)


def visits(
    seed: int, *, honest_ones: int = 180, planted: int = 20
) -> tuple[Sequence[Entry], set[int]]:
    """The entries of a quarter in order of entering, and the ids of those that were planted."""
    chance = random.Random(seed)
    places = set(chance.sample(range(honest_ones // 4, honest_ones + planted), planted))
    entries: list[Entry] = []
    for number in range(honest_ones + planted):
        text = honest(chance)
        if number in places:
            before = [one for one in entries if one.id not in places]
            text = copied(chance.choice(before).text, chance)
        at = datetime(2026, 10, 1, 8, tzinfo=UTC) + timedelta(hours=11 * number)
        on = date(2026, 9, 29) + timedelta(days=number // 2)
        person = 1 + number % 40
        entries.append(Entry(number, person, 1 + person % 40 + number % 2, on, at, text))
    return entries, places
