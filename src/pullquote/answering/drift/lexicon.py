"""The words that the drift check knows: plain English, nothing of any article."""

from __future__ import annotations

import re

from pullquote.text.terms import stem


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w'-]+", text))


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, _words(text)))


#: Months and their abbreviations; the first three letters tell them apart.
MONTHS = _words(
    """january jan february feb march mar april apr may june jun july jul august aug september sept
    sep october oct november nov december dec"""
)

#: Days, and parts of a day or of a year.
DAYS = _words(
    """monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow tonight
    spring summer autumn winter morning afternoon evening night noon midnight weekend"""
)

#: Ordinals, shares and multiples: figures in words.
COUNTS = _words(
    """first second third fourth fifth sixth seventh eighth ninth tenth half halves quarter quarters
    thirds double doubled twice triple tripled thrice dozen dozens hundreds thousands millions
    billions"""
)

#: What a sentence may begin with, whatever its sources say.
OPENERS = _words(
    """however additionally moreover furthermore also meanwhile overall instead still yet though
    although while because since as when after before despite according following during in on at
    for with by from to of the a an this that these those it he she they we you there its his her
    their some many most several all both each one another other no not never if unless whether and
    but or so then thus therefore such what who how why where which only even just under over
    between among through until per it's there's asked"""
)

#: What denies the word behind it.
NEGATORS = _words(
    """not no never without neither nor none nobody nothing nowhere hardly scarcely barely unable
    lack lacks lacked lacking fail fails failed failing refuse refuses refused refusing decline
    declines declined declining deny denies denied denying avoid avoids avoided stop stops stopped
    stopping prevent prevents prevented cannot impossible unclear unknown unwilling absence absent
    missing"""
)

#: What a sentence may not lose while the rest of it stays.
HEDGES = _words(
    """may might could can possibly perhaps likely probably allegedly reportedly apparently believe
    believed believes think thinks thought some many most nearly almost partly if unless alleged
    expected planned proposed hopes wants"""
)

#: Stems that stand for one another wherever news is written.
ALIKE = _stems(
    """said say says told tell stated state added according reported report announced however also
    then now later recently currently still already total overall approximately roughly about around
    nearly use using used include including included make made making take took taken have has had
    get got start started begin began starting identify identified find found show showed shown
    company firm people person year percent"""
)

POSSIBLE = _words(
    """may might could can possible possibly perhaps likely potentially allegedly reportedly seem
    seems seemed appear appears appeared apparently alleged allege alleges if unless whether maybe
    probably believed"""
)
FUTURE = _words("will would shall")
DUTY = _words("must should ought need needs needed required")
PLANNED = _words(
    """apply applies applied applying plan plans planned planning hope hopes hoped hoping expect
    expects expected expecting intend intends intended propose proposes proposed want wants wanted
    aim aims consider considers considered considering seek seeks sought promise promises promised
    vow vowed ask asked urge urges urged threaten threatens threatened agree agreed agrees requested
    demanded recommend recommends recommended pushed pushing attempted"""
)

#: What cannot both be so, as stems.
CONTRARIES = tuple(
    (_stems(one), _stems(other))
    for one, other in (
        (
            "rise rose risen increase grow grew climb gain",
            "fall fell fallen drop decrease decline shrink lose cut",
        ),
        ("more", "less fewer"),
        ("above over exceed", "below under"),
        ("higher larger bigger greater", "lower smaller"),
        ("before earlier prior", "after later following"),
        ("approve accept pass adopt endorse", "reject refuse defeat veto"),
        ("support welcome back praise favor favour", "oppose criticize criticise condemn attack"),
        ("allow permit legalize let", "ban bar forbid prohibit block outlaw"),
        ("open reopen", "close shut closed"),
        ("win won victory", "lose lost defeat"),
        ("guilty convict", "acquit innocent clear"),
        ("hire recruit", "fire dismiss sack"),
        ("arrest jail imprison detain", "release free"),
        ("begin began start launch", "end ended finish stop halt suspend"),
        ("alive survive survived survivor", "die died dead death kill"),
        ("buy bought purchase acquire", "sell sold sale"),
        ("first", "last"),
        ("best", "worst"),
        ("better improve", "worse worsen"),
        ("safe", "unsafe dangerous"),
        ("agree", "disagree"),
        ("success succeed successful", "fail failure unsuccessful"),
        ("public", "private secret"),
        ("always", "never"),
        ("with", "without"),
        ("join", "leave quit"),
        ("confirm admit acknowledge", "deny denied"),
        ("raise", "lower"),
        ("remember", "forget"),
        ("same", "different"),
        ("majority", "minority"),
        ("north", "south"),
        ("east", "west"),
        ("profit", "loss"),
        ("early", "late"),
        ("add", "remove"),
        ("employee worker", "employer"),
        ("plaintiff", "defendant"),
        ("possible", "impossible"),
        ("common", "rare"),
        ("few little", "many much"),
    )
)

#: Each group claims the same; a written sentence claims it only when a source does.
CLAIMS = (
    _words(
        """all every each everyone everybody everything always entire entirely whole wholly any both
        fully completely total totally throughout"""
    ),
    _words("most majority mostly mainly largely"),
    _words("only solely exclusively alone just merely"),
    _words("never none nobody nothing no"),
    _words("several multiple numerous many dozens various number"),
    _words("permanent permanently forever indefinitely indefinite"),
    _words("immediately immediate instantly"),
    _words("unanimous unanimously"),
    _words("largest biggest best worst highest lowest greatest main chief leading"),
    _words(
        """because cause caused causing due owing led reason why result resulted so therefore thanks
        prompted over after following spurred amid"""
    ),
)

#: What makes a statement smaller; a source that has one right before a word keeps it.
SMALLER = _words(
    """some most many few several part partly almost nearly mostly often sometimes half largely
    certain local former alleged so-called"""
)
