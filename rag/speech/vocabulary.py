"""Words that news English attributes with: verbs of speech, roles, titles, small words. Data, no logic.

No name of a person, an outlet or a party to an event stands here: what the rules know about those comes from the text.
"""

from __future__ import annotations


def _forms(lemmas: str) -> dict[str, tuple[str, str]]:
    """Each inflected form of regular verbs -> (lemma, "base" | "s" | "past" | "ing")."""
    forms: dict[str, tuple[str, str]] = {}
    for lemma in lemmas.split():
        stem = lemma[:-1] if lemma.endswith("e") else lemma
        if lemma.endswith("y") and lemma[-2] not in "aeou":
            forms |= {
                lemma[:-1] + "ies": (lemma, "s"),
                lemma[:-1] + "ied": (lemma, "past"),
                lemma + "ing": (lemma, "ing"),
            }
        else:
            es = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x")) else "s")
            forms |= {es: (lemma, "s"), stem + "ed": (lemma, "past"), stem + "ing": (lemma, "ing")}
        forms[lemma] = (lemma, "base")
    return forms


def _irregular(table: str) -> dict[str, tuple[str, str]]:
    forms: dict[str, tuple[str, str]] = {}
    for line in table.strip().splitlines():
        base, third, past, ing = line.split()
        forms |= {base: (base, "base"), third: (base, "s"), past: (base, "past"), ing: (base, "ing")}
    return forms


# Verbs that take a quotation or a clause: "X said (that) ...".
SPEECH = _forms(
    "add note argue claim insist state declare explain warn suggest acknowledge announce assert contend maintain allege"
    " remark reply respond recall recount reveal confirm promise pledge vow predict believe tweet quip joke continue"
    " conclude ask wonder urge complain caution stress emphasize emphasise reiterate repeat assure remind counter retort"
    " lament boast hint signal indicate report testify theorize speculate estimate hope fear worry expect doubt agree"
    " posit opine propose demand rule shout scream yell whisper mutter chant exclaim enthuse gush grumble intone"
    " deadpan inform notify post comment disclose guess figure calculate recommend advise reason muse"
    " profess proclaim pronounce attest affirm reaffirm certify volunteer surmise conjecture stipulate elaborate"
    " venture protest object threaten crow sigh fume tease observe charge decide learn realize consider assume dispute"
) | _irregular(
    """
    say says said saying
    tell tells told telling
    write writes wrote writing
    think thinks thought thinking
    admit admits admitted admitting
    concede concedes conceded conceding
    swear swears swore swearing
    find finds found finding
    show shows showed showing
    feel feels felt feeling
    bet bets bet betting
    read reads read reading
    """
)
# Verbs whose object is what was said or meant: "X called it ...", "X accused Y of ...".
STANCE = _forms(
    "call describe accuse criticize criticise blame praise denounce condemn reject dismiss question endorse defend mock"
    " blast slam oppose support propose order cite mention discuss decry deride ridicule hail tout deplore"
    " rebuke chastise chide castigate assail bemoan belittle laud applaud thank credit echo commend label characterize"
    " characterise liken compare portray depict dub refer point allude deny refuse decline seek want need plan favor"
    " favour welcome express issue appeal apologize apologise complain brag address outline detail reference highlight"
    " lambaste pan skewer challenge back identify press demand rail inveigh lash list offer attack talk"
    " interpret regard view prefer intend aim hope pledge vow promise threaten recommend urge advise encourage"
    " scold disavow renounce repudiate berate bash trash rip applaud salute congratulate invite instruct direct"
    " contradict refute rebut disagree object clarify hammer"
) | _irregular(
    """
    speak speaks spoke speaking
    forbid forbids forbade forbidding
    deem deems deemed deeming
    decry decries decried decrying
    refer refers referred referring
    prefer prefers preferred preferring
    plan plans planned planning
    brag brags bragged bragging
    """
)
# What anybody means by "said": trusted also inside what another one says.
CORE = frozenset("say tell write tweet add ask warn note argue insist".split())
SAYING = frozenset("said says told tells asked added wrote tweeted adding saying telling".split())
# After "said ... and" these mostly have the speaker as their subject: "and accused the board of ...".
TURNS = frozenset(
    "accuse urge warn call criticize criticise blame praise promise vow pledge deny reject condemn denounce dismiss"
    " describe announce predict suggest insist argue claim complain question".split()
)
# Too vague alone ("issued", "supported"): only where a quotation follows.
QUOTED_ONLY = frozenset(
    "continue respond repeat post comment shout yell scream chant feel issue offer attack support endorse back name list"
    " address highlight press direct figure rule bet aim charge need maintain read deem invite remark reason start"
    " volunteer protest challenge speak view regard intend credit threaten encourage label appeal learn consider rail"
    " lash detail welcome thank decide assume reference begin sound".split()
)
# Of those, what is done with words alone and never with a work.
UTTERED = frozenset(
    "continue respond repeat post comment shout yell scream chant remark reason read deem label maintain threaten lash rail"
    " volunteer protest sound rule charge".split()
)
# Said of what is written rather than of people: "a poll shows", "the report found".
FINDINGS = frozenset("show find".split())
DOCUMENTS = frozenset(
    "poll polls survey surveys study studies data report reports analysis records documents results research review"
    " investigation audit figures statistics census emails letter memo filing filings inquiry exit polling numbers".split()
)
# These mostly stand as nouns when they end in -s or have no ending.
NOUN_TOO = frozenset(
    "claim report note call attack question promise pledge vow charge post tweet comment fear hope worry doubt plan"
    " demand order support credit name press point address list offer back talk view aim need wish detail issue"
    " challenge label press blast estimate figure state rule signal counter joke complain blame praise echo mention"
    " reason protest object reference thank remark reply guess claim challenge rip pan trash salute invite direct"
    " highlight outline favor favour dispute bet find feel address protest ask volunteer venture sigh".split()
)
# A subject after the verb is usual: "said Smith".
INVERTIBLE = frozenset(
    "say write add ask note argue explain report recall warn continue reply respond tweet quip joke conclude declare"
    " observe remark announce claim insist exclaim shout scream yell admit acknowledge lament complain agree predict"
    " boast suggest wonder post read retort counter chant comment confirm concede caution assert contend muse".split()
)
# The words that follow are not the speaker's claim.
DENIALS = frozenset("deny refuse decline dispute refute rebut repudiate disavow reject".split())
# "an analyst at X points out": the particle belongs to the cue.
PARTICLES = frozenset("out".split())
# With these "for", "of", "about" ... opens what was said.
PREPOSITIONAL = frozenset(
    "call warn speak talk complain point refer appeal apologize apologise accuse blame press rail inveigh lash allude"
    " object worry boast brag disagree agree respond ask comment hint learn decide".split()
)
ADDRESSED = frozenset("tell assure remind inform notify ask".split())

# What is written and says nothing yet: "wrote a book on trees".
WORKS = frozenset(
    "book books letter letters memoir novel novels script song songs article articles column essay essays play poem check"
    " cheque note screenplay thesis review reviews series hit bill code software music score scores soundtrack"
    " soundtracks opera operas ballet symphony album albums musical musicals lyrics".split()
)

PRONOUNS = {
    "he": "m", "she": "f", "they": "p", "it": "n", "i": "1", "we": "1", "you": "2",
}  # fmt: skip
RELATIVES = frozenset("who which that whose".split())
DETERMINERS = frozenset(
    "the a an this that these those his her their its our my your another each every some any no many several most few"
    " both all other one two three four five six seven eight nine ten dozens hundreds thousands half more".split()
)
AUXILIARIES = frozenset(
    "is was are were be been being has have had having do does did will would can could should may might must shall"
    " ’s 's ’d 'd isn’t isn't wasn’t wasn't aren’t aren't hasn’t hasn't haven’t haven't hadn’t hadn't doesn’t doesn't"
    " don’t don't didn’t didn't won’t won't wouldn’t wouldn't can’t can't cannot couldn’t couldn't".split()
)
BE = frozenset(
    "is was are were be been being ’s 's wasn’t wasn't weren’t weren't isn’t isn't aren’t aren't got gets".split()
)
NEGATIONS = frozenset(
    "not never n’t didn’t didn't doesn’t doesn't don’t don't won’t won't wouldn’t wouldn't couldn’t couldn't hasn’t"
    " hasn't haven’t haven't hadn’t hadn't cannot can’t can't".split()
)
PREPOSITIONS = frozenset(
    "in on at of for from with by to about after before during under over against between among through via into near"
    " amid following including despite since until within without outside inside around across toward towards upon"
    " behind beyond regarding concerning per".split()
)
# A noun phrase never runs across one of these.
CLAUSE_WORDS = frozenset(
    "that if when while as because although though but than so whether where why how what since until once unless"
    " then yet nor whereas which who whom whose and or after before even not".split()
)
TIME_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight morning afternoon evening"
    " night week weekend month year january february march april may june july august september october november december"
    " jan. feb. mar. apr. jun. jul. aug. sept. oct. nov. dec. earlier later last next this recently early late now once"
    " ago day days weeks months years hours minutes midnight noon".split()
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ADVERBS = frozenset(
    "also later then now even still again once ever never not just often always already soon too further earlier"
    " first once today yesterday meanwhile however instead reportedly subsequently famously simply both has all"
    " further himself herself themselves itself have had since long".split()
)

HONORIFICS = {
    "mr": "m", "mr.": "m", "sir": "m", "lord": "m", "mrs": "f", "mrs.": "f", "ms": "f", "ms.": "f", "miss": "f",
    "lady": "f", "dame": "f", "madam": "f", "mx": "", "mx.": "", "dr": "", "dr.": "", "prof.": "", "rev.": "",
}  # fmt: skip
# Capitalised before a name, these are the role and not the name.
TITLES = frozenset(
    "supervisor trooper constable chef"
    " president vice-president vice chancellor premier minister secretary senator sen. sens. representative rep. reps."
    " congressman congresswoman governor gov. govs. lieutenant lt. mayor councilman councilwoman councillor councilor"
    " alderman assemblyman assemblywoman speaker leader whip chairman chairwoman chair chairperson director commissioner"
    " chief judge justice magistrate attorney general gen. admiral adm. colonel col. major maj. captain capt. sergeant"
    " sgt. corporal officer detective inspector superintendent sheriff deputy marshal ambassador envoy professor prof."
    " dr. doctor rev. reverend father fr. bishop archbishop cardinal pope rabbi imam sheikh ayatollah king queen prince"
    " princess emperor duke duchess sultan emir lord lady sir dame coach manager ceo cfo coo cto spokesman spokeswoman"
    " spokesperson candidate nominee strategist analyst economist correspondent reporter editor columnist author"
    " activist delegate treasurer comptroller auditor prosecutor lawyer counsel solicitor undersecretary adviser advisor"
    " aide host anchor actor actress singer founder co-founder chancellor rep mp mep msp taoiseach"
    " congressmen senators presidents agent brigadier commander cmdr. pastor sister brother principal"
    " dean provost rector curator ombudsman mr. mrs. ms. mr mrs ms miss dr prof rev gov garda emeritus emerita"
    " sen gen capt sgt".split()
)
ROLE_NOUNS = frozenset(
    "president chancellor premier minister secretary senator representative congressman congresswoman governor mayor"
    " councilman councilwoman councillor lawmaker legislator politician speaker leader whip chairman chairwoman chair"
    " chairperson head director commissioner chief boss judge justice attorney lawyer prosecutor solicitor barrister"
    " general admiral colonel major captain sergeant officer official detective inspector superintendent sheriff deputy"
    " ambassador envoy diplomat negotiator professor lecturer scholar researcher scientist expert specialist doctor"
    " physician surgeon nurse epidemiologist economist analyst strategist pollster consultant adviser advisor aide"
    " assistant spokesman spokeswoman spokesperson manager coordinator organizer organiser executive ceo founder"
    " co-founder owner partner entrepreneur businessman businesswoman investor banker trader billionaire mogul developer"
    " candidate nominee contender rival opponent frontrunner front-runner hopeful incumbent challenger activist advocate"
    " campaigner lobbyist volunteer supporter donor delegate member committeeman committeewoman treasurer fellow"
    " reporter journalist correspondent editor columnist commentator host anchor author writer novelist poet historian"
    " biographer producer filmmaker actor actress singer musician rapper artist designer photographer comedian model"
    " athlete player coach captain goalkeeper striker midfielder defender pitcher quarterback referee umpire fan"
    " bishop archbishop cardinal pope priest pastor rabbi imam cleric minister king queen prince princess monarch"
    " student teacher farmer driver worker engineer architect pilot soldier veteran resident neighbor neighbour voter"
    " mother father son daughter wife husband brother sister uncle aunt grandfather grandmother widow friend colleague"
    " witness victim survivor suspect defendant plaintiff immigrant refugee republican democrat conservative liberal"
    " operative insider observer critic ally counterpart successor predecessor deputy vice-president undersecretary"
    " psychologist psychiatrist sociologist biologist physicist chemist astronomer meteorologist climatologist geologist"
    " seismologist ecologist ranger firefighter policeman policewoman paramedic guard agent broker retailer shopkeeper"
    " chef baker waiter cook carpenter electrician plumber mechanic nurse midwife pharmacist dentist veterinarian"
    " juror sculptor dancer".split()
)
# What news calls a person whom it has named, so as not to repeat the name: "the singer", "the Elm Democrat". Of
# officeholders there is one at a time, mostly.
OFFICEHOLDERS = frozenset(
    "lawmaker senator congressman congresswoman governor mayor premier chancellor president coach manager captain"
    " boss ceo chief chairman chairwoman king queen prince princess pope founder co-founder".split()
)
DESCRIPTIONS = OFFICEHOLDERS | frozenset(
    "star singer actor actress rapper musician comedian author writer novelist poet artist designer filmmaker"
    " father mother grandmother grandfather widow teacher nurse farmer student"
    " producer billionaire mogul entrepreneur businessman businesswoman republican democrat conservative liberal"
    " executive player striker forward midfielder defender goalkeeper keeper winger quarterback pitcher guard veteran"
    " champion winner native philanthropist resident survivor investor scientist professor historian journalist host presenter"
    " model influencer activist economist spaniard frenchman expert specialist doctor psychologist researcher lawyer"
    " attorney analyst strategist diplomat envoy ambassador politician spokesman spokeswoman spokesperson minister legislator"
    " commander prosecutor physician surgeon psychiatrist epidemiologist therapist biologist astronomer climatologist"
    " dutchman scotsman welshman irishman englishman argentine brazilian portuguese german"
    " italian".split()
)
FEMALE_ROLES = frozenset(
    "spokeswoman chairwoman congresswoman councilwoman businesswoman actress mother daughter wife sister aunt"
    " grandmother widow queen princess duchess committeewoman policewoman midwife assemblywoman woman girl".split()
)
MALE_ROLES = frozenset(
    "spokesman chairman congressman councilman businessman father son husband brother uncle grandfather king"
    " prince duke committeeman policeman assemblyman priest pope man boy".split()
)
# A capitalised run with one of these is no person.
ORGANISATION_WORDS = frozenset(
    "university college school institute institution party committee council commission department ministry agency bureau"
    " office court house senate congress parliament assembly government administration bank group company corp inc ltd"
    " llc co association federation union league foundation fund trust center centre society club church times post"
    " journal news press daily tribune herald gazette chronicle magazine radio television tv network channel media"
    " street avenue road square park bridge airport station hospital hotel tower building hall stadium arena city county"
    " state states kingdom republic island islands river lake mountain bay beach coast valley hills ocean sea gulf"
    " north south east west northern southern eastern western central new san los las saint santa fort mount united"
    " great upper lower act bill law amendment treaty agreement accord project program programme plan initiative"
    " campaign movement coalition alliance forum conference summit festival games cup championship award prize day week"
    " month war peace army navy force forces police guard board authority service services security nations world"
    " international national federal america american americans european british democrats republicans democratic"
    " republican conservatives super pac polls poll survey index street journal capitol medicare medicaid obamacare"
    " twitter facebook google airlines motors energy oil gas industries technologies systems labs research black white"
    " red blue green supreme second first third god christmas easter english spanish french german russian chinese"
    " caucus primary convention district committee affairs today tonight gallery museum theatre theater library studio studios"
    " records pictures films entertainment holdings partners capital ventures orchestra ballet opera zoo stadium palace"
    " pharmacy restaurant cafe bakery store stores shop brewery realty insurance financial solutions consulting associates"
    " brands foods hotels mall images photo photos"
    " school schools township district districts borough academy".split()
)
# Of these, nobody's surname.
INSTITUTIONS = frozenset(
    "university college institute institution committee council commission department ministry agency bureau senate"
    " congress parliament assembly government administration group company corp inc ltd llc association federation union"
    " league foundation society club times news network channel media airport station hospital hotel stadium"
    " championship cup summit festival games united international national federal republic kingdom".split()
)
# A run of capitals that ends with one of these is a post, "Senior Category Director".
OFFICES = frozenset(
    "director officer manager executive president vice-president minister secretary spokesman spokeswoman spokesperson"
    " professor editor analyst producer chairman chairwoman chairperson commissioner coordinator adviser advisor consultant"
    " founder co-founder strategist economist correspondent senator governor ambassador lawyer attorney ceo cfo coo cto"
    " superintendent inspector engineer scientist specialist reporter journalist columnist man woman".split()
)
DEMONYM_ENDINGS = ("ian", "ean", "ish", "ese", "can", "eli", "qi", "stani", "ench", "utch", "reek", "erman", "wiss")
NAME_PARTICLES = frozenset("de da di du del della der den van von ter ten bin ibn al el la le dos das abu zu y".split())
SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())
