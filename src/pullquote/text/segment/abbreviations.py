"""Word lists for :mod:`pullquote.text.segment`: abbreviations, and words that signal boundaries.

Entries are lower case, without the last full stop ("u.s" is covered by its shape, not listed).
Each group of abbreviations says what a full stop after one of them means. A "starter" is a
capitalised word of ``STARTERS``: it often begins sentences and is hardly ever a name.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Titles that may also follow a name or number ("Main St. The", "6 ft. He"): then like ``OTHERS``.
POSTPOSED = _words("st ft pt mt")

#: Titles: they precede the name of a person or a place and practically never end a sentence.
TITLES = _words(
    """
    mr mrs ms mx dr prof rev fr hon pres gov sen rep reps sens govs drs profs messrs mme mmes
    mlle gen gens col cols lt lts cmdr cdr capt cpt cpl sgt sgts maj adm brig pvt pfc ens insp
    supt det dep asst assoc amb atty att'y secy sec'y st ste mt mts ft pt sto sta msgr br sra
    srta lieut comdr ald asm assemb comm commr sec rt
    """
)

#: Months and days: only when capitalised ("he sat."). They end a sentence only before a starter.
MONTHS = _words(
    """
    jan feb febr apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri
    """
)

#: Like ``MONTHS``, but also ordinary words or names: they count only before a number.
AMBIGUOUS_MONTHS = _words("mar may sat sun")

#: States, provinces and streets: only when capitalised. They end a sentence only before a starter.
PLACES = _words(
    """
    ala ariz ark calif colo conn del fla ga ia ill ind kan kans ky la mass md mich minn miss mo
    mont neb nebr nev okla ore oreg pa penn penna tenn tex va vt wash wis wisc wyo alta ont que
    sask vic qld tas ave av blvd rd hwy pkwy rte sq terr pl ln ctr bldg apt twp cty dist is isl
    mtn
    """
)

#: Companies. They end a sentence only before a starter: "Acme Inc. Chairman Lee" does not end.
CORPORATE = _words(
    """
    inc incs co cos corp corps ltd ltda llc llp plc bros mfg intl int'l assn ass'n univ
    """
)

#: Before a number (a Roman one if capitalised) they never end a sentence; else ordinary words.
NUMBERED = _words(
    """
    no nos nr num p pp pg pgs fig figs art arts vol vols ch chap sec secs sect par para paras op
    ops c ca circa v ver vers eq eqs cl pt pts bk bks app appx ex exh ed eds tab col cols ser b
    d n r s l m reg regs rm ste rev chs vv ff hr hrs min mins yr yrs mo mos wk wks lb lbs oz ft
    yd yds mi kg km sq cu gal pct max rs
    """
)

#: They never end a sentence.
LEADING = _words("e.g eg i.e ie vs v cf viz approx appr incl excl esp resp ca a.k.a aka")

#: The rest: they end a sentence only before a starter.
OTHERS = _words(
    """
    jr sr esq etc phd ph.d al dept depts est govt gov't natl nat'l acad admin aux ret div ext tel
    avg misc orig repr trans transl viz supp suppl abbr anon attn cont cont'd d.phil b.sc m.sc
    b.tech m.tech b.ed m.ed ll.b ll.m ed.d psy.d d.sc sc.d litt.d pharm.d th.d b.eng m.eng b.com
    m.com ph.b mus.b mus.d dipl cand exec sgd enc encl
    """
)

#: Clock times: they do not end a sentence before a day, a date or a time zone, or near its start.
CLOCK = _words("a.m p.m")

#: Words that continue a sentence after ``CLOCK`` or a quoted title ("“Who Is It?” Friday").
CALENDAR = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    sat sun january february march april may june july august september october november
    december jan feb mar apr jun jul aug sep sept oct nov dec eastern central mountain pacific
    atlantic local greenwich gmt utc bst cet cest est edt et cst cdt ct mst mdt mt pst pdt pt
    ist jst aest sgt hkt moscow beijing tokyo london paris
    """
)

#: A sentence that begins with one of these goes on after a clock time ("At 6 p.m. Smith left").
TIME_PREPOSITIONS = _words("at by around about after before until till from since between on")

#: German months, after the number of a day: "3. Mai".
DAY_FIRST_MONTHS = _words(
    """
    januar jänner februar märz april mai juni juli august september oktober november dezember
    """
)

#: Words that begin sentences and hardly ever follow an abbreviation within one. Words that are also
#: names are left out: "Under Secretary", "First Lady", "Will", "May", "New", "Police".
STARTERS = _words(
    """
    he she it they we you the this that these those there here a an and but or so yet if in on
    at by for from with without when while after before as although though because since however
    meanwhile his her its their our my your what who whom whose why how where which then now not
    no nor some many most several both each every all another other others one only even still
    also instead among during despite according once until unless such to of about around over
    nearly almost perhaps maybe moreover furthermore nevertheless nonetheless therefore thus
    hence indeed later earlier today yesterday tomorrow soon finally additionally besides shares
    sales neither nobody none everyone someone anyone nothing everything something please yes is are
    was were do does did has have had can could would should
    """
)

#: The few starters that begin a sentence even after a title: "he made Lt. The army".
STRONG_STARTERS = _words("the this these it they there but")

#: Nouns that take a letter as a label: "Group B. Germany won" splits, "George B. Germany" does not.
LABELLED = _words(
    """
    vitamin plan group grade hepatitis section part phase type class division category appendix
    chapter act title schedule exhibit volume book series level option team channel point war
    track platform gate block wing unit item article annex form pool league zone ward stand
    terminal letter influenza strain sample patient witness company variant drive figure table
    row model version size
    """
)

#: Names that end in "!" or "?".
BANG_NAMES = _words("yahoo jeopardy yum e wham panic joomla ok hello which ho")

#: Words that may follow such a name or begin a new sentence: the first is assumed.
AFTER_BANG_NAMES = _words("magazine editor hotel inc")

#: Words that continue a sentence after a quotation that ends in "!" or "?": "“Stop!” Then he ran".
ONWARD = _words("then and but so or yet")

#: Verbs of attribution: "“Why?” Smith asked" is one sentence.
SPEECH_VERBS = _words(
    """
    said says say asked asks replied replies added adds shouted cried wrote writes told tells
    answered answers yelled explained explains recalled recalls joked continued exclaimed argued
    argues declared insisted insists demanded wondered wonders noted notes admitted quipped
    texted tweeted posted responded laughed whispered screamed muttered remarked observed
    concluded concludes inquired thundered sighed mused retorted snapped queried pleaded begged
    """
)

#: Words after a verb of attribution that show that a new sentence has begun: "“Why?” Smith said he
#: did not know". The second list does not apply to "asked" and "told", which take an object.
REPORTED = _words("that whether if why how what who when where")
REPORTED_UNASKED = _words("he she they it there we i his her their the a an to no not nothing")
ASKING_VERBS = _words("asked asks told tells")
