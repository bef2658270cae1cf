"""Languages by their codes: tags made one form, scripts told apart, and the words that carry no subject.

Pure. A code here is the primary subtag of BCP 47 in lower case: "en" for "en-GB", "eng" and "English".
"""

from __future__ import annotations

import re

# Scripts that write words without spaces, and Hangul, whose particles hang on to the word: both are compared by
# pairs of letters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
PAIRED = re.compile(rf"[{_UNSPACED}\uac00-\ud7af]+")
UNSPACED = re.compile(rf"[{_UNSPACED}]")

# Marks that stand on letters; Python's \w leaves them out, so that a word of Hindi or vocalised Arabic would be cut.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903"
    "\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0e31"
    "\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\u200c\u200d\u3099\u309a"
)

_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{1,8})*")
# ISO 639-2 codes and English names that sources write in place of ISO 639-1.
_CODES = {
    name: code
    for code, names in {
        "ar": "ara arabic", "bg": "bul bulgarian", "cs": "ces cze czech", "da": "dan danish", "de": "deu ger german deutsch",
        "el": "ell gre greek", "en": "eng english", "es": "spa spanish español", "fa": "fas per persian farsi",
        "fi": "fin finnish", "fr": "fra fre french français", "he": "heb hebrew iw", "hi": "hin hindi", "hu": "hun hungarian",
        "id": "ind indonesian in", "it": "ita italian", "ja": "jpn japanese", "ko": "kor korean", "nl": "nld dut dutch",
        "no": "nor norwegian nb nn nob nno", "pl": "pol polish", "pt": "por portuguese", "ro": "ron rum romanian",
        "ru": "rus russian русский", "sr": "srp serbian", "sv": "swe swedish", "th": "tha thai", "tr": "tur turkish",
        "uk": "ukr ukrainian", "ur": "urd urdu", "vi": "vie vietnamese", "zh": "zho chi chinese cmn yue",
    }.items()
    for name in names.split()
}  # fmt: skip
_UNSAID = frozenset({"und", "mul", "zxx", "mis", "xx", "xxx"})

# Languages in Latin letters that the lexical index and the stemmer both know, by Snowball's name.
STEMMERS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french", "hu": "hungarian",
    "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(f"[{letters}]"))
    for name, letters in (
        ("kana", "\u3040-\u30ff\uff66-\uff9f"),
        ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"),
        ("hangul", "\u1100-\u11ff\uac00-\ud7af"),
        ("thai", "\u0e00-\u0e7f"),
        ("arabic", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"),
        ("hebrew", "\u0590-\u05ff"),
        ("cyrillic", "\u0400-\u052f"),
        ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
        ("devanagari", "\u0900-\u097f"),
        ("latin", "A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
    )
)
_SCRIPT_OF = {
    "ja": ("kana", "han"), "zh": ("han",), "ko": ("hangul", "han"), "th": ("thai",), "he": ("hebrew",), "yi": ("hebrew",),
    "el": ("greek",), "hi": ("devanagari",), "ne": ("devanagari",), "mr": ("devanagari",),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "ug"), ("arabic",)),
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk"), ("cyrillic",)),
    **dict.fromkeys(("sr", "kk", "uz", "az", "tg", "mn", "bs"), ("cyrillic", "latin", "arabic")),
    **dict.fromkeys((*STEMMERS, "pl", "cs", "sk", "hr", "sl", "et", "lv", "lt", "vi", "id", "ms", "ca"), ("latin",)),
}  # fmt: skip


def language_code(tag: str | None) -> str | None:
    """The language of a tag ("en" of "en-GB", "zh_Hant", "eng" or "English"); None for what is no tag, or says none."""
    plain = tag.strip().casefold() if tag else ""
    first = re.split(r"[-_]", plain)[0]
    for name in (plain, first):
        if name in _CODES:
            return _CODES[name]
    return first if _TAG.fullmatch(plain) and first not in _UNSAID else None


def main_script(text: str) -> str | None:
    """The script of most letters, as "latin", "cyrillic" or "kana" (for Japanese, also where Han prevails); None if none."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS}
    best = max(counts, key=lambda name: counts[name])
    if counts[best] == 0:
        return None
    return "kana" if best == "han" and counts["kana"] * 20 > counts["han"] else best


def is_written_in(language: str, script: str) -> bool:
    """Whether the language is written in that script; a language that is not known here may be."""
    return script in _SCRIPT_OF.get(language, (script,))


STOPWORDS: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": """a about above after back again against all also am an and any are aren't as at be because been before being
            below between both but by can cannot could did didn't do does doesn't doing don't done down during each either
            else ever few for from further get gets getting go goes going got had
            has have having he her here hers herself him himself his how however i if in into is isn't
            it its itself just let like may me might me more most much must my myself neither no nor not now of off often on
            once only or other ought our ours ourselves out over own per quite rather same shall she should since so some
            such than that the their theirs them themselves then there these they this those through thus to too under until
            unless up upon us very was wasn't we were what whatever when where whether which while who whom whose why will
            with within without would yet you your yours yourself""",
        "de": """aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist da damit dann das dass dein
            dem den denn der des dessen deren die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem
            einen einer eines er es etwas euch für gegen gibt hab habe haben hat hatte hatten hier ich ihm ihn ihnen ihr ihre
            ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes jene kann kein keine können könnte man mehr mein
            mich mir mit nach nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit selbst
            sich sie sind so soll sollen sollte sondern sonst über um und uns unser unter viel viele vom von vor wann war
            waren warum was weil welche welchem welchen welcher welches wem wen wenn wer werde werden weshalb wessen wie lange
            wieder wieso wieviel will wir wird wo woher wohin worden wurde wurden während wäre würde würden zu zum zur
            zwischen""",
        "fr": """à au aux avec ce ces cet cette comme comment dans de des dont du elle elles en est et étaient était été être
            eux il ils je l la le les leur leurs lui ma mais me même mes moi mon ne nos notre nous on ont ou où par pas pour
            pourquoi qu quand que quel quelle quelles quels qui quoi sa sans se sera ses si son sont sur ta te tes toi ton tu
            un une vos votre vous y a ai as avait avaient d c j n s t m combien""",
        "es": """a al algo ante antes aquel aquella aún como cómo con contra cuál cuáles cuando cuándo cuánto cuántos de del
            desde donde dónde durante e el él ella ellas ellos en entre era eran es esa ese eso esta está están este esto
            estos fue fueron ha había han hasta hay la las le les lo los más me mi mientras muy ni no nos o otra otro para
            pero por porque por qué que qué quién quien quienes se sea ser si sí sido sin sobre son su sus también tiene
            todo todos tras tu un una unas uno unos y ya yo""",
        "it": """a ad ai al alla alle allo anche che chi ci col come con cosa cui da dai dal dalla de degli dei del dell della
            delle dello di dove e è ed era erano fra gli ha hanno ho i il in io l la le lei li lo loro lui ma mi ne nei nel
            nella nelle no noi non o per perché più quale quali quando quanti quanto quella quelle quelli quello questa
            queste questi questo qui se sei si sia sono stata stato su sua sue sugli sui sul sulla suo suoi tra tu un una
            uno voi""",
        "pt": """a à ao aos as às até com como da das de dela dele delas deles do dos e é ela elas ele eles em entre era eram
            essa esse esta está este eu foi foram há isso isto já lhe mais mas me mesmo na nas não nem no nos nós o onde os
            ou para pela pelas pelo pelos por porque porquê qual quais quando quanto quantos que quê quem se seja sem ser
            seu seus só sobre sua suas também tem têm tinha um uma umas uns""",
        "nl": """aan af al als bij daar dan dat de der deze die dit doch door dus een en er ge geen had hebben heb heeft hem het
            hier hij hoe hoeveel hun iets ik in is ja je kan kon kunnen maar me meer men met mij mijn na naar niet niets nog
            nu of om omdat ons ook op over reeds te tegen toch toen tot u uit uw van veel voor waar waarom wanneer want was
            wat we wel werd wie wij worden wordt zal ze zei zich zij zijn zo zonder zou""",
        "ru": """а без бы был была были было быть в вам вас во вот все всего всё вы где да для до его ее её если есть еще ещё же
            за здесь и из или им их к как какая какие каким каких какой какого когда который которая которые кем ко кого
            кому кто куда ли между меня мне много может мы на над не него нее неё нет ни них но ну о об однако он она они
            оно от откуда перед по под почему при про с сам свой свои себя сейчас сколько со так также такой там то тоже
            только тот того том тут ты у уже чего чей чем через что чтобы чья эта эти это этого этой этом этот я зачем""",
        "uk": """а або але без був була були було бути в вам вас вже ви від він вона вони воно все де для до його її якщо є ж за
            зі з і із й їх який яка яке які як коли хто кого кому куди між мене мені ми на над не ні них ну о об перед по під
            при про скільки та так також там те тільки той тут ти у цей ця це ці чи чому через що щоб я чого чим""",
        "ar": """في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين ما ماذا متى أين اين كيف كم لماذا هل أن ان إن لا لم لن قد
            كان كانت يكون تكون هو هي هم ثم أو او أي اي و ف ب ل بعد قبل بين عند حتى كل بعض غير إذا اذا لكن كما منذ خلال حول
            ضد عليه عليها فيه فيها منه منها له لها به بها أنه انه أنها انها الذى وقد ولا وما من مَن لدى أيضا ايضا""",
    }.items()
}  # fmt: skip

# Words that only ask, or only say that somebody said something: they are no part of what a question is about.
_ASKING = {
    "de": """sagte sagt sagen gesagt sagten erklärte erklärt erklären meinte meint äußerte geäußert teilte mitgeteilt
        berichtet bitte nenne zeige artikel nachrichten laut neueste neuesten""",
    "fr": "dit dire disait déclaré déclare déclara selon article articles nouvelles dernières montre",
    "es": "dijo dice dicho decir dijeron declaró declara según artículo artículos noticias últimas",
    "it": "detto dice dire disse dichiarato dichiara secondo articolo articoli notizie ultime",
    "pt": "disse diz dito dizer declarou declara segundo artigo artigos notícias últimas",
    "nl": "zei zegt zeggen gezegd verklaarde volgens artikel artikelen nieuws laatste",
    "ru": """сказал сказала сказали говорил говорила говорили говорит заявил заявила заявили заявляет сообщил сообщила
        сообщили рассказал рассказала рассказали ответил ответила отметил отметила скажи расскажи покажи статьи новости
        последние последний""",
    "uk": "сказав сказала сказали говорив говорить заявив заявила заявили повідомив повідомила розповів статті новини",
    "ar": """قال قالت قالوا يقول تقول صرح صرحت أعلن اعلن أعلنت ذكر ذكرت أكد اكد أكدت أفاد أخبار اخبار مقال مقالات آخر بشأن
        بخصوص""",
}
ASKING: dict[str, frozenset[str]] = {code: frozenset(words.split()) for code, words in _ASKING.items()}

# Of languages that do not space their words: what asks and what binds is cut out of a question, longest first; single
# letters of it are kept within the words that are named here.
_KEPT_ZH = (
    "对话|反对|对手|对抗|应对|面对|绝对|说明|小说|学说|和平|和谐|和解|现在|存在|目的|目标|的士|将军|都市|首都|成都|被告|"
    "向导|方向|倾向|于是|总是|还是|把握"
)
_CUT_ZH = (
    "为什么|什么时候|什么|怎么样|怎么|如何|为何|哪里|哪儿|哪些|哪个|何时|何地|多少|几个|关于|有关|是否|是不是|有没有|表示|说了|说过|谈到|提到|请问|告诉我|說了|說過|什麼|"
    "怎麼|為什麼|為何|關於|有關|還是|誰|嗎|的|了|吗|呢|吧|谁|说|說|对|對|是|在|和|与|與|及|被|把|将|將|向|就|都|也|还|還|于|於|几"
)
_CUT_JA = (
    "について|に対して|に関して|なぜ|どうして|どこ|どの|どんな|いつ|いくら|いくつ|何時|何人|何と|何を|何が|何|誰が|誰|だれ|言いましたか|言いました|言った|述べましたか|述べました|述べた|語った|"
    "でしょうか|でしたか|ですか|ましたか|ますか|ました|ます|です|は|が|を|に|の|と|へ|で|も|か"
)
_CUTS = {
    "zh": re.compile(f"(?P<kept>{_KEPT_ZH})|(?:{_CUT_ZH})"),
    "ja": re.compile(f"(?P<kept>[\u30a0-\u30ff]+)|(?:{_CUT_JA})"),
    "th": re.compile(
        "(?P<kept>(?!))|(?:พูดถึง|กล่าวถึง|เกี่ยวกับ|ว่าอย่างไร|อย่างไร|อะไร|เมื่อไร|เมื่อไหร่|ที่ไหน|ทำไม|เท่าไร|เท่าไหร่|กี่|ใคร|ว่า)"
    ),
}


def is_asking(word: str, language: str) -> bool:
    return word.casefold() in ASKING.get(language, frozenset())


def without_function_words(text: str, language: str) -> str:
    """A question in a language without spaces between its words, cut at what asks and binds; any other as it is."""
    cuts = _CUTS.get(language)
    return cuts.sub(lambda match: match["kept"] or " ", text) if cuts else text


def question_language(text: str) -> str | None:
    """The language of a question by its script and its small words; None where they do not tell, as in "Gipfel Genf".

    A question is too short for a detector, and nearly every one has small words: "was", "über", "den".
    """
    script = main_script(text)
    if script != "latin":
        return _of_script(text, script)
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    latin = [code for code in STOPWORDS if is_written_in(code, "latin")]
    hits = {code: len(words & STOPWORDS[code]) + len(words & ASKING.get(code, frozenset())) for code in latin}
    most = max(hits.values())
    best = [code for code in latin if hits[code] == most]
    if most == 0:
        return None
    if "en" in best:
        return "en"
    return best[0] if len(best) == 1 else None


def _of_script(text: str, script: str | None) -> str | None:
    if script == "cyrillic":
        return "uk" if re.search("[іїєґ]", text, re.IGNORECASE) else "ru"
    if script == "arabic":
        return "fa" if re.search("[پچژگ]", text) else "ar"
    alone = {"han": "zh", "kana": "ja", "hangul": "ko", "thai": "th", "hebrew": "he", "greek": "el", "devanagari": "hi"}
    return alone.get(script) if script else None
