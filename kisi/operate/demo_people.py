"""What invented people are made of: names by origin, wishes, notes. No list follows a real one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where invented people come from, and how many of a hundred."""

    nationality: str
    share: int
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]
    languages: tuple[tuple[str, ...], ...]
    """Languages of one person, the first to talk in; one of these."""


ORIGINS = (
    Origin(
        "UA",
        34,
        ("Оксана", "Ірина", "Наталія", "Тетяна", "Світлана", "Юлія", "Марія", "Катерина",
         "Людмила", "Анна", "Вікторія", "Дарина", "Софія", "Галина"),
        ("Андрій", "Олександр", "Сергій", "Микола", "Іван", "Дмитро", "Максим", "Богдан",
         "Василь", "Тарас", "Юрій", "Павло"),
        ("Шевченко", "Бондаренко", "Ткаченко", "Кравченко", "Мельник", "Поліщук", "Лисенко",
         "Марченко", "Савченко", "Руденко", "Гончар", "Мороз", "Петренко", "Клименко",
         "Павленко", "Мазур", "Кравець", "Сидоренко", "Гриценко", "Яковенко"),
        (("uk", "ru"), ("uk",), ("uk", "ru", "en"), ("ru", "uk")),
    ),
    Origin(
        "SY",
        22,
        ("فاطمة", "مريم", "نور", "هبة", "رنا", "سلمى", "ليلى", "أمينة", "دعاء", "ريم", "سارة",
         "هدى"),
        ("أحمد", "خالد", "عمر", "يوسف", "حسن", "علي", "محمود", "إبراهيم", "سامر", "باسل",
         "طارق", "زياد"),
        ("الحسن", "الخطيب", "الحموي", "الشامي", "درويش", "حداد", "النجار", "العلي", "المصري",
         "قاسم", "سليمان", "بركات", "منصور", "الصالح", "عثمان", "حمدان"),
        (("ar",), ("ar", "en"), ("ar", "ku"), ("ku", "ar")),
    ),
    Origin(
        "AF",
        14,
        ("زهرا", "فرشته", "مریم", "شبنم", "نرگس", "پروانه", "مینا", "لیلا", "حسینه"),
        ("رضا", "فرید", "نجیب", "حمید", "جاوید", "مصطفی", "امید", "سهراب", "ادریس"),
        ("احمدی", "رحیمی", "حیدری", "نوری", "کریمی", "صافی", "یوسفی", "محمدی", "رسولی",
         "علیزاده", "فیضی", "اکبری"),
        (("fa_AF",), ("fa_AF", "ps"), ("ps", "fa_AF"), ("fa_AF", "en")),
    ),
    Origin(
        "TR",
        9,
        ("Ayşe", "Elif", "Zeynep", "Emine", "Hatice", "Merve", "Büşra", "Gülşen"),
        ("Mehmet", "Mustafa", "Emre", "Yusuf", "Hüseyin", "Murat", "Oğuz", "Çağlar"),
        ("Yıldız", "Kaya", "Demir", "Şahin", "Çelik", "Öztürk", "Arslan", "Doğan", "Kılıç",
         "Aydın", "Koç", "Güneş"),
        (("tr",), ("tr", "ku"), ("ku", "tr"), ("tr", "en")),
    ),
    Origin(
        "IR",
        6,
        ("شیرین", "آزاده", "نسرین", "سپیده", "مهسا", "پریسا"),
        ("کیان", "آرش", "بهرام", "داریوش", "مهدی", "سیاوش"),
        ("حسینی", "موسوی", "جعفری", "صادقی", "رضایی", "کاظمی", "شریفی", "قاسمی"),
        (("fa",), ("fa", "en"), ("fa", "az")),
    ),
    Origin(
        "ER",
        6,
        ("Selam", "Rahel", "Senait", "Lemlem", "Feven", "Helen", "Saba"),
        ("Tesfay", "Yonas", "Filmon", "Bereket", "Samuel", "Dawit", "Robel"),
        ("Ghebremariam", "Tekle", "Habtemariam", "Kidane", "Woldu", "Berhane", "Haile", "Asmerom"),
        (("ti",), ("ti", "ar"), ("ti", "en"), ("ti", "am")),
    ),
    Origin(
        "SO",
        5,
        ("Hodan", "Ifrah", "Sahra", "Ayaan", "Fowsiyo", "Hibo"),
        ("Abdi", "Mahad", "Liban", "Warsame", "Guled", "Bashir"),
        ("Farah", "Warsame", "Jama", "Nuur", "Aden", "Hersi", "Elmi", "Duale"),
        (("so",), ("so", "ar"), ("so", "en", "sw")),
    ),
    Origin(
        "IQ",
        4,
        ("شيماء", "زينب", "Berîvan", "Rojîn", "آلاء"),
        ("حيدر", "مصطفى", "Azad", "Rêbîn", "كرار"),
        ("الجبوري", "الدليمي", "Barwarî", "Hesen", "العبيدي", "Zebarî"),
        (("ar",), ("ckb", "ar"), ("ku", "ar")),
    ),
)  # fmt: skip

# Area, how often it is noted, and what people say about it. Placeholders, marked as such.
WISHES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("language", 22, ("Möchte einen Kurs am Vormittag, solange das Kind in der Kita ist.",
                      "Hat A2 abgeschlossen und sucht B1.",
                      "Braucht einen Alphabetisierungskurs.")),
    ("housing", 15, ("Wohnt zu fünft in zwei Zimmern.", "Muss zum Quartalsende ausziehen.")),
    ("kita", 9, ("Sucht einen Platz für zwei Kinder.", "Platz ab dem Sommer gewünscht.")),
    ("school", 8, ("Fragt nach einer Intensivklasse.", "Kind wechselt in die fünfte Klasse.")),
    ("work", 12, ("Hat als Köchin gearbeitet.", "Sucht Teilzeit in der Pflege.",
                  "Führerschein vorhanden, sucht Arbeit im Lager.")),
    ("health", 8, ("Sucht eine Hausarztpraxis.", "Braucht einen Termin beim Zahnarzt.")),
    ("livelihood", 9, ("Versteht den Bescheid nicht.", "Antrag noch nicht gestellt.")),
    ("residence_law", 8, ("Titel läuft in drei Monaten ab.", "Fragt nach der Verlängerung.")),
    ("authority_contact", 7, ("Bittet um Hilfe beim Ausfüllen.",)),
    ("daily_life", 5, ("Fragt nach Bus und Müll.",)),
    ("interpreting", 4, ("Braucht Sprachmittlung für den Elternabend.",)),
    ("family_reunification", 3, ("Ehemann ist noch im Ausland.",)),
    ("training", 4, ("Interessiert sich für eine Ausbildung.",)),
    ("recognition", 4, ("Zeugnisse liegen übersetzt vor.",)),
    ("psychosocial", 3, ("Schläft schlecht, wünscht ein Gespräch.",)),
    ("leisure_contacts", 4, ("Möchte Fußball spielen.", "Sucht einen Chor.")),
    ("finance_debt", 2, ("Hat Mahnungen bekommen.",)),
    ("media_digital", 2, ("Braucht Hilfe mit der E-Mail-Adresse.",)),
    ("volunteering", 2, ("Möchte selbst helfen.",)),
    ("naturalisation", 1, ("Fragt nach den Voraussetzungen.",)),
)  # fmt: skip

NOTES = (
    "Unterlagen mitgegeben.",
    "Sprachmittlung ist gewünscht.",
    "Rückruf am Vormittag.",
    "Termin gemeinsam vereinbart.",
    "Wartet auf Bestätigung per Post.",
)

# Bodies that do not exist, marked as examples: names of towns that are placeholders themselves.
EXAMPLE_AGENCIES = (
    ("Sprachtreff im Bürgerhaus (Beispiel)", "verein", ("language", "leisure_contacts"), 7),
    ("Kita Regenbogen (Beispiel)", "kita", ("kita",), 21),
    ("Hausarztpraxis am Markt (Beispiel)", "gesundheit", ("health",), 5),
)
