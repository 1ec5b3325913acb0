"""Chinese as people type it: traditional characters, words and neighbours, and how they sound."""

import re
from functools import lru_cache

import rjieba
from pypinyin import lazy_pinyin

# Traditional forms of the characters that questions about money and accounts are made of.
_TRADITIONAL = (
    "帳賬戶號碼轉錢銀電話對錯輸請問嗎麼樣為開關閉註冊銷認證書實個驗簡訊網絡線鏈點擊連結換機動備設裝臉紋鑰"
    "鎖鎮凍釋緊復啟長時間務員經濟領導處訴級報據協議條費規則變額單筆總歷紀錄資誰閱讀刪運營業幣匯兌歐韓門餘"
    "儲値現貨賣買農發遞達與糾紛爭補償還給約數權隱護險詐騙騷擾釣魚軟體盜竊遺掛誤別寫絕許讓該會應當難過進來"
    "見聽說講記憶層獲鈕項選擇鍵貼頁圖攝識國際產夠從們這裡裏邊後樓庫車馬壓緩隊準確顯嚴審稅徵團學習類頭無將"
    "滿幾歲減優獎積並兩萬億雙撥臺灣內陸辦廣東語聯繫郵廳親媽孫禮紅飯館勞賺虧債貸擔風監視頻質組織係統擋攔顧"
    "慮適響嘗試屬於專劃標誌異閒靜衝沖髮麵隻乾幹夾歸屆齊豐歡樂戰沒續購淨態帶寶聲節稱趕賠罰終殺豬盤駭謝題觸"
    "驟圍掃賴隨鐘鈔鑒遲違頓預願驚擬斷暫檢欄殘毀漢滯畫盡眾礙種簽籤紙細紹綁編縮繼職腦臨舉舊蘋複覽觀訂討託訟"
    "詢誠談調譯負財責貴賊贓較載輕鈴鏡閃階雖雜離頂須顏鬧幫"
)
_SIMPLIFIED = (
    "账账户号码转钱银电话对错输请问吗么样为开关闭注册销认证书实个验简讯网络线链点击连结换机动备设装脸纹钥"
    "锁镇冻释紧复启长时间务员经济领导处诉级报据协议条费规则变额单笔总历纪录资谁阅读删运营业币汇兑欧韩门余"
    "储值现货卖买农发递达与纠纷争补偿还给约数权隐护险诈骗骚扰钓鱼软体盗窃遗挂误别写绝许让该会应当难过进来"
    "见听说讲记忆层获钮项选择键贴页图摄识国际产够从们这里里边后楼库车马压缓队准确显严审税征团学习类头无将"
    "满几岁减优奖积并两万亿双拨台湾内陆办广东语联系邮厅亲妈孙礼红饭馆劳赚亏债贷担风监视频质组织系统挡拦顾"
    "虑适响尝试属于专划标志异闲静冲冲发面只干干夹归届齐丰欢乐战没续购净态带宝声节称赶赔罚终杀猪盘骇谢题触"
    "骤围扫赖随钟钞鉴迟违顿预愿惊拟断暂检栏残毁汉滞画尽众碍种签签纸细绍绑编缩继职脑临举旧苹复览观订讨托讼"
    "询诚谈调译负财责贵贼赃较载轻铃镜闪阶虽杂离顶须颜闹帮"
)
_TO_SIMPLIFIED = {ord(old): new for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if old != new}
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+")
# What is so often typed for something else that both are taken for the same.
_MISTYPED = {
    "登陆": "登录",
    "登入": "登录",
    "帐": "账",
    "冲值": "充值",
    "体现": "提现",
    "提线": "提现",
    "密马": "密码",
    "另钱": "零钱",
}
# Ways to ask. They say nothing of what is asked for, and their neighbours must not make words across the gap.
_ASKING = re.compile(
    "怎么办|怎么样|怎么|怎样|如何|请问|为什么|为何|什么|多长时间|要多久|需要|可不可以|可以|能不能|行不行|是不是|有没有|我的|你们的?"
    "|我们的?|的时候|还有|已经|老是|一下|一个|哪里|哪些|哪个|应该|现在|马上|突然|刚刚|刚才|这个|那个|之后|以后|然后|但是|因为"
)
# Particles and fillers that stand in every other question.
_STOP = (
    "的 了 吗 呢 吧 啊 呀 嘛 哦 我 你 您 他 她 它 们 我们 你们 是 在 有 和 与 就 也 都 请 请问 想 要 能 会 可以 能不能"
    " 可不可以 怎么 怎么办 如何 怎样 什么 为什么 为何 哪里 在哪 一个 我的 你们的 这个 那个 一下 还 又 再 到 把 被 给"
    " 让 说 啥 咋 咋办 多少 哪个 之前 已经 老是 一直 这里 里面 时候 的时候 没有 不"
)
STOP_WORDS = frozenset(_STOP.split())


def simplified(text: str) -> str:
    """The same text in simplified characters, common slips of the keyboard mended; what has no other form stays."""
    text = text.translate(_TO_SIMPLIFIED)
    for slip, meant in _MISTYPED.items():
        text = text.replace(slip, meant)
    return text


def telling(question: str) -> str:
    """A question without the words that only ask."""
    rest = _ASKING.sub(" ", question)
    return rest if _CJK.search(rest) or not _CJK.search(question) else question


def runs(text: str) -> list[str]:
    """The stretches of Chinese characters in a text."""
    return _CJK.findall(text)


def chinese_tokens(text: str) -> list[str]:
    """Words, and every pair of neighbours, as often as they occur.

    The pairs find a word in mid-sentence even where the segmenter cut it differently on the two sides.
    """
    found: list[str] = []
    for run in runs(text):
        words = rjieba.cut_for_search(run)
        pairs = [run[start : start + 2] for start in range(len(run) - 1)]
        found += [word for word in words if len(word) != 2]
        found += pairs or []
    return [token for token in found if token not in STOP_WORDS]


@lru_cache(maxsize=8192)
def sound(text: str) -> tuple[str, ...]:
    """How characters sound, a syllable each, without tones."""
    return tuple(lazy_pinyin(text))


@lru_cache(maxsize=8192)
def spelled(text: str) -> tuple[str, str]:
    """A phrase as it is typed on a Latin keyboard: in full, and by initials; Latin and figures stay."""
    full, initials = [], []
    for piece in re.findall(r"[\u3400-\u9fff]+|[a-z0-9]+", text.lower()):
        if _LATIN.fullmatch(piece):
            full.append(piece)
            initials.append(piece)
        else:
            syllables = sound(piece)
            full += syllables
            initials += [syllable[0] for syllable in syllables]
    return "".join(full), "".join(initials)
