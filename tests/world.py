"""One made-up week of news in five languages and Japanese, no article a translation of another."""

from __future__ import annotations

from datetime import UTC, datetime

from rag.domain import Article

_DAY = datetime(2025, 7, 25, 8, tzinfo=UTC)

RUSSIAN = Article(
    id="ru",
    title="Песков: саммит возможен только в конце переговоров",
    body=(
        "Встреча на высшем уровне возможна лишь тогда, когда эксперты закончат работу, заявили в Кремле в пятницу.\n\n"
        "«Саммит должен поставить точку в урегулировании. Начинать с него нельзя», — сказал пресс-секретарь президента"
        " Д. С. Песков журналистам. Он добавил, что дата саммита пока не обсуждалась.\n\n"
        "Тем временем в городе Озёрске открыли новый мост через реку. Строительство моста обошлось в 5 млн. рублей и"
        " заняло три года, сообщила мэр Ирина Лебедева. «Мы ждали этого дня с самого наводнения», — призналась она.\n\n"
        "Министр транспорта на открытие не приехал: по данным ведомства, он находился в командировке."
    ),
    outlet="Северный вестник",
    published_at=_DAY,
    language="ru",
)
GERMAN = Article(
    id="de",
    title="Regierungschefs beraten in Lindau über Zölle",
    body=(
        "Die Regierungschefs der Anrainerstaaten treffen sich am 3. August in Lindau. Auf der Tagesordnung des Gipfels"
        " stehen neue Zölle auf Stahl und die Zukunft der Fähre.\n\n"
        "„Der Gipfel darf nicht ohne Ergebnis enden. Unsere Betriebe warten seit Monaten“, sagte Wirtschaftsministerin Dr."
        " Anna Weiß am Freitag. Die Kosten bezifferte ihr Haus auf ca. 14 Mio. Euro.\n\n"
        "»Wir werden jede Brücke prüfen«, kündigte der Verkehrsminister an, nachdem bei Hochwasser zwei Brücken gesperrt"
        " worden waren. Die Prüfung der Brücken soll bis zum Herbst dauern. Der Stadtrat lehnte den Antrag der Opposition ab."
    ),
    outlet="Seebote",
    published_at=_DAY,
    language="de",
)
ARABIC = Article(
    id="ar",
    title="الوزير يدعو إلى قمة عاجلة حول المياه",
    body=(
        "دعا وزير الموارد المائية إلى عقد قمة عاجلة لدول الحوض بعد موسم جفاف طويل، وقال إن المفاوضات توقفت منذ شهرين.\n\n"
        "«لا يمكن أن تنجح القمة من دون اتفاق على حصص المياه. نحن ننتظر موقفاً واضحاً»، قال الوزير سامر الحداد للصحفيين يوم"
        " الجمعة. وأضاف د. الحداد أن بلاده ستقدم مقترحاً جديداً.\n\n"
        "وفي مدينة النهرين، بدأت أعمال ترميم الجسر القديم الذي أغلق بعد الفيضان. وتبلغ كلفة الترميم أربعة ملايين دينار،"
        " بحسب البلدية. هل ينتهي العمل قبل الشتاء؟ لم تؤكد البلدية ذلك."
    ),
    outlet="صحيفة الضفاف",
    published_at=_DAY,
    language="ar",
)
CHINESE = Article(
    id="zh",
    title="江城市长谈大桥重建和气候峰会",
    body=(
        "江城市议会周五投票决定重建去年洪水中被毁的老桥。工程将于明年春季开工，预计耗资一亿四千万元。\n\n"
        "“我们不会再等一次洪水。重建工程必须马上开始。”市长林晓梅说。她表示，气候峰会将于九月在江城举行。\n\n"
        "反对派议员周立问：“钱从哪里来？”市政府回应称，三成费用由省政府承担。专家认为，新桥可以使用一百年！"
    ),
    outlet="江城日报",
    published_at=_DAY,
    language="zh",
)
JAPANESE = Article(
    id="ja",
    title="港町で灯台の修復始まる",
    body=(
        "港町の古い灯台の修復工事が金曜日に始まった。費用は二億円で、来年の秋に完成する予定だ。\n\n"
        "「灯台は町の誇りだ。次の世代に残したい」と町長の森田健一は語った。工事は地元の会社が担当する。"
    ),
    outlet="みなと新聞",
    published_at=_DAY,
    language="ja",
)
ENGLISH = Article(
    id="en",
    title="Farm ministers put off their summit",
    body=(
        "Farm ministers put off their summit on wheat prices until October, the union said on Friday.\n\n"
        "“A summit without figures is a photograph,” said Carla Brandt, the union’s president. “We asked for figures in"
        " March.” The war of prices goes on, and no man knows what was agreed."
    ),
    outlet="The Granary",
    published_at=_DAY,
    language="en",
)
WORLD = (RUSSIAN, GERMAN, ARABIC, CHINESE, JAPANESE, ENGLISH)
