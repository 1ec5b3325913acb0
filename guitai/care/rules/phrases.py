"""Words that two people can say to each other on a bad line: short, everyday, none that sounds like another."""

import secrets
import unicodedata

WORDS: dict[str, tuple[str, ...]] = {
    "en": (
        "apple", "basket", "candle", "dragon", "engine", "flower", "garden", "hammer", "island", "jacket", "kitchen",
        "lantern", "mountain", "napkin", "orange", "pepper", "quarter", "river", "sailor", "tiger", "umbrella",
        "velvet", "window", "yellow", "anchor", "bamboo", "copper", "dolphin", "evening", "feather", "guitar",
        "harvest", "iron", "jungle", "kettle", "lemon", "marble", "needle", "ocean", "pencil", "rabbit", "silver",
        "thunder", "uncle", "village", "walnut", "zebra", "autumn", "bridge", "castle", "diamond", "eagle",
        "forest", "ginger", "honey", "insect", "jasmine", "ladder", "mirror", "noodle", "oyster", "palace",
        "rocket", "summer",
    ),
    "zh-hans": (
        "苹果", "灯笼", "雨伞", "石桥", "竹林", "茶壶", "风筝", "海鸥", "火车", "花园", "黄河", "金鱼", "镜子", "葵花",
        "蓝天", "老虎", "木船", "南瓜", "牛奶", "葡萄", "铅笔", "青山", "沙滩", "水井", "松树", "糖果", "田野", "铁锤",
        "围巾", "西瓜", "仙鹤", "小巷", "雪人", "羊毛", "银杏", "月饼", "云朵", "枣树", "芝麻", "钟楼", "柚子", "白菜",
        "草帽", "窗户", "大象", "豆浆", "帆船", "蜂蜜", "钢琴", "古城", "荷叶", "核桃", "红枫", "蝴蝶", "火柴", "剪刀",
        "橘子", "骏马", "梨花", "龙舟", "毛笔", "棉花", "奶酪", "瓷碗",
    ),
}  # fmt: skip
HALF = 2


def new_phrase(language: str) -> tuple[str, ...]:
    """Four different words; the first two are said by staff, the last two are answered by the customer."""
    left = list(WORDS.get(language, WORDS["en"]))
    return tuple(left.pop(secrets.randbelow(len(left))) for _ in range(2 * HALF))


def same_words(said: str, expected: tuple[str, ...]) -> bool:
    """Whether somebody said these words in this order, whatever stands between them."""
    return _plain(said) == _plain("".join(expected))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
