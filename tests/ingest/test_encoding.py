"""The encoding of a page that does not declare it."""

from __future__ import annotations

import random

import pytest

from pullquote.ingest.formats.encoding import decode_page

PAGE = (
    "<!doctype html><html><head><title>x</title><script>var a = {b: 1};</script></head><body>"
    '<nav><a href="/">Home</a></nav><article><p>%s</p></article></body></html>'
)

#: What was set aside while the code was made, and one in Swedish.
TEXTS = [
    (
        "cp1250 iso-8859-2",
        "Hasiči vyjeli ve středu ráno k požáru skladu v Brně. Škoda přesáhla šest milionů "
        "korun, nikdo nebyl zraněn.",
    ),
    (
        "cp1250 iso-8859-2",
        "Vláda schválila nový zákon o školách. Učitelia dostanú od januára vyššie platy, "
        "povedal minister v stredu večer.",
    ),
    (
        "cp1250 iso-8859-2",
        "Strażacy gasili pożar magazynu w Łodzi przez całą noc. Straty sięgają sześciu "
        "milionów złotych.",
    ),
    (
        "cp1250 iso-8859-2",
        "A tűzoltók egész éjjel oltották a győri raktárt. A kár meghaladja a hatmillió "
        "forintot, senki sem sérült meg.",
    ),
    (
        "cp1250 iso-8859-2",
        "Vatrogasci su cijelu noć gasili požar u skladištu u Zagrebu. Šteta prelazi šest "
        "milijuna, a nitko nije ozlijeđen.",
    ),
    (
        "cp1254 iso-8859-9",
        "İtfaiye bütün gece Bursa'daki depo yangınını söndürdü. Zarar altı milyon lirayı "
        "aşıyor, kimse yaralanmadı.",
    ),
    (
        "cp1252 iso-8859-15",
        "Les pompiers ont éteint toute la nuit l'incendie d'un entrepôt à Orléans. Les "
        "dégâts dépassent six millions d'euros.",
    ),
    (
        "iso-8859-15",
        "L'œuvre coûte 600 € à la ville, où sa sœur a vécu jusqu'en été.",
    ),
    (
        "cp1252",
        "L’œuvre coûte 600 € à la ville, où sa sœur a vécu jusqu’en été.",
    ),
    (
        "cp1252 iso-8859-15",
        "I vigili hanno spento l'incendio di un magazzino a Forlì. Perché è scoppiato? "
        "Nessuno lo sa, però la città è più sicura.",
    ),
    (
        "cp1252 iso-8859-15",
        "Die Feuerwehr löschte die ganze Nacht einen Brand in Köln. Der Schaden übersteigt "
        "sechs Millionen.",
    ),
    (
        "cp1252 iso-8859-15",
        "Hamnstyrelsen i Tessel röstade på måndagen för att stänga den gamla fiskmarknaden "
        "före årets slut.",
    ),
    (
        "cp1257",
        "Ugniagesiai visą naktį gesino gaisrą sandėlyje Šiauliuose. Nuostoliai viršija šešis "
        "milijonus eurų, niekas nenukentėjo.",
    ),
    (
        "cp1252",
        "“We lost,” the café’s owner said – it’s £5.",
    ),
    (
        "cp1252",
        "The mayor said it cost £5 and left.",
    ),
    (
        "cp1252 iso-8859-15",
        "Temperatures hit 40° in Zürich on Monday.",
    ),
    (
        "cp1251 koi8-r",
        "Пожарные всю ночь тушили склад в Твери. Ущерб превысил шесть миллионов.",
    ),
    (
        "cp1253 iso-8859-7",
        "Οι πυροσβέστες έσβηναν όλη τη νύχτα την πυρκαγιά σε αποθήκη στην Πάτρα.",
    ),
    (
        "cp1255",
        "הכבאים כיבו כל הלילה שריפה במחסן בחיפה. הנזק עולה על שישה מיליון שקלים.",
    ),
    (
        "cp1256",
        "أطفأ رجال الإطفاء طوال الليل حريقا في مستودع في حلب. وتجاوزت الخسائر ستة ملايين.",
    ),
    (
        "big5",
        "消防隊整夜撲滅台中一處倉庫的火災。損失超過六百萬元,沒有人受傷。",
    ),
    (
        "gb18030",
        "消防队整夜扑灭了武汉一处仓库的火灾。损失超过六百万元,没有人受伤。",
    ),
    (
        "cp932 euc-jp",
        "消防隊は一晩中、福岡の倉庫火災の消火に当たった。損害は六百万円を超えるが、けが人"
        "はいなかった。",
    ),
    (
        "cp949",
        "소방관들이 밤새 대구의 창고 화재를 진압했다. 피해액은 육백만 원을 넘지만 다친 "
        "사람은 없었다.",
    ),
]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [(name, text) for names, text in TEXTS for name in names.split()],
    ids=lambda value: value[:16],
)
def test_an_undeclared_page_is_read_as_its_language_is_written(encoding: str, text: str) -> None:
    page = PAGE % text
    assert decode_page(page.encode(encoding)) == page


def test_the_language_that_a_page_declares_decides() -> None:
    page = PAGE.replace("<html>", "<html lang='pl-PL'>") % "Łódź"
    assert decode_page(page.encode("iso-8859-2")) == page


CURLY = "“We lost,” the café’s owner said — it’s £5, “and José Núñez’s mother knew.” "


@pytest.mark.parametrize("stray", [b"\xe9", b"\x92", b"\xff", b"\x80", b"\xc3", b"\xe2\x80"])
@pytest.mark.parametrize("count", [1, 3])
def test_utf_8_with_stray_bytes_stays_utf_8(stray: bytes, count: int) -> None:
    parts = [f" {CURLY}".encode()] * (count + 1)
    expected = "\ufffd".join([f" {CURLY}"] * (count + 1))
    assert decode_page(stray.join(parts)) == expected
    declared = b"<meta charset=iso-8859-1>"
    assert decode_page(declared + stray.join(parts)) == declared.decode() + expected


def test_utf_8_that_is_cut_anywhere_stays_utf_8() -> None:
    data = CURLY.encode()
    for end in range(20, len(data)):
        assert decode_page(data[:end]) == data[:end].decode("utf-8", "replace")
    assert decode_page("It cost 5 €".encode()[:-1]) == "It cost 5 \ufffd"


def test_what_is_mostly_no_utf_8_is_none() -> None:
    # "Ã©" typed by hand is UTF-8 by chance; the other letters are not.
    text = "Le café « fermé » a coûté 5 £ : Ã© à l’été."
    assert decode_page(text.encode("cp1252")) == text
    for place in random.Random(1).sample(range(1000), 5):
        assert "\ufffd" not in decode_page(("é" * 1000).encode("cp1252")[:place] + b" Caf\xe9 ete")


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("windows-1252", "cp1252"),
        ("utf-8", "utf-8"),
        ("ISO-8859-1", "utf-8"),
        # Codecs that are none for pages are no reason to fail.
        *((name, "utf-8") for name in ("undefined", "idna", "punycode", "unicode_escape", "zip")),
    ],
)
def test_what_the_server_declares_is_understood_as_browsers_do(header: str, encoding: str) -> None:
    text = f"<p>{CURLY * 3}€5 million</p>"
    assert decode_page(text.encode(encoding), header) == text


def test_what_the_server_declares_counts_more_than_what_the_page_does() -> None:
    page = PAGE.replace("<html>", "<html><meta charset=iso-8859-1>") % "Łódź"
    assert decode_page(page.encode("iso-8859-2"), "ISO-8859-2") == page
    assert decode_page("朱镕基".encode("gb18030"), "gb2312") == "朱镕基"
