"""Invented articles: paragraphs in HTML, with ``[[markup|what a reader sees]]`` where they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKED = re.compile(r"\[\[(.*?)\|(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Story:
    """An article.

    In ``body``, "# " begins a subhead, "- " a list item, "> " a quotation, and "! " a caption.
    """

    title: str
    author: str
    section: str
    date: str
    body: tuple[str, ...]


def as_html(text: str) -> str:
    """The markup of a paragraph."""
    return _MARKED.sub(r"\1", text)


def as_text(text: str) -> str:
    """The text of a paragraph as a reader sees it."""
    return re.sub(r"<[^>]+>", "", _MARKED.sub(r"\2", text)).replace("&amp;", "&")


def _story(head: str, body: str) -> Story:
    title, author, section, date = head.split(" | ")
    return Story(title, author, section, date, tuple(body.strip().split("\n")))


STORIES = (
    _story(
        "Harbour board votes to close the fish market | Ida Brandt | Town | 2024-03-04",
        """
The harbour board of Tessel voted on Monday to close the old fish market by the end of the year, after months of argument about its roof.
The first hall burnt down on [[<time datetime="1911-02-14">14 February 1911</time>|14 February 1911]] and a new one opened in [[<time>1913</time>|1913]].
! Crates of herring wait for the auction on the southern quay.
Traders who have rented stalls there since the flood said they would go to <a href="/court">court</a>, and the board said that it had expected as much.
The head of the board, Runa Holt, called the roof [[<q>a plain danger</q>|“a plain danger”]] and asked the traders to leave before the storms.
# What the closing costs
The repair would cost [[<del>90,000</del> |]]900,000 crowns, an engineer from Norby told the board in a report of 40 pages.
“We were promised ten years,” said Olle Brandt, who sells eels. “They gave us ten months.”
> Nobody has asked the people who buy here, and there are four thousand of them every week.
Nineteen people lose their work, all but two of them for good, the union said.
No.
The court meets on 9 May. Its judge, Per Holm, has not said when he will rule.
""",
    ),
    _story(
        "Court to rule on masks in the council chamber | J. Moreau | Courts | 2023-11-20",
        """
Judge Holm and Judge Norby did not speak for a week over the masks, the clerk of the court said on Monday.
They met again on Friday and shook hands in the hall, where two ushers and a reporter saw them.
The case began when Ana Sorel, a member of the council, came to a sitting in a carnival mask[[<sup><a href="#n1">1</a></sup>|]] and would not take it off.
# The three questions
- Whether a mask is dress or speech.
- Whether the chair of the council may send a member out without a vote.
- Whether the vote that was taken in her absence stands.
The council’s lawyer said that nobody could know who had voted. Her own lawyer said that everybody had known, for she is the only member who is two metres tall.
! Ana Sorel on the steps of the court with her mask under her arm.
A ruling is expected before the summer, although the judges have until October.
Similar cases in Halden and in Vik ended with a fine of [[<data value="200">200</data>|200]] crowns each.
> I have worn it for eleven years at carnival and nobody ever asked me to leave, she told the court.
The next sitting of the council is on Thursday, and it is open to the public.
""",
    ),
    _story(
        "Twenty wolves counted in Halden park | Siân O’Dea | Nature | 2021-05-04",
        """
Twenty wolves live in Halden park, rangers said on Tuesday, eight more than two years ago.
The rangers walked [[<nobr>340 km</nobr>|340 km]] of paths between January and March and found tracks on all but three of them.
Farmers east of the park lost 31 sheep in the winter. The county pays 1,200 crowns for each, and has paid for 26 so far.
“A fence is cheaper than a lawsuit,” said Mette Aas, who keeps ninety sheep near the mill and has lost none.
# A fence of six kilometres
The park covers 120 km[[<sup>2</sup>|²]] and the fence, which was begun in April, would close its eastern side.
Its posts are of larch. They were cut in the park itself, where a storm in 2019 felled some nine thousand trees within a single night.
! A ranger measures a track in the snow beside the northern gate.
The hunters’ association wants three animals shot each year. The ministry has refused that twice, most recently in February.
Wolves came back to the region in 2006, by way of the frozen sound.
Nobody has been attacked.
The next count begins in January, with dogs for the first time.
""",
    ),
    _story(
        "Night trains return to the northern line | Tomas Vik | Transport | 2022-09-14",
        """
Night trains will run between Norby and the capital again from December, eleven years after the last one, the railway said on Wednesday.
The train leaves Norby at [[<time>21:40</time>|21:40]] and arrives at 7:05. It has six sleeping cars, a car for bicycles and a kitchen that closes at midnight.
A bed costs from 390 crowns. Seats are [[<output>190</output>|190]] crowns, and children under six travel free of charge with an adult.
# Why it stopped in 2011
The railway gave up the train when the cars were forty years old and new ones cost more than the line earned in ten years.
! The last night train leaves Norby in October 2011.
The new cars were built for a Spanish company that never took them. They stood in a field near Vik for three winters.
“We bought them for the price of their wheels,” the director of the railway, Lena Moe, told reporters at the station.
- Norby to the capital: daily.
- Norby to the coast: Fridays and Saturdays.
The union says that the train needs nine people a night and that the plan has six.
An agreement on that has to be signed by 1 November, or the first train will not leave.
Tickets go on sale on Monday at eight in the morning.
""",
    ),
    _story(
        "Hospital kitchen cooks for the whole valley | Priya Nair | Health | 2020-02-27",
        """
At five in the morning the kitchen of the hospital in Aldersund is the only lit window in the valley.
Eleven cooks make 2,300 meals a day there, for the wards, four schools, two prisons and everyone over eighty who asks for one.
It began by mistake. In 2016 a clerk ordered ten times the potatoes that were needed, and the head cook, Bo Lind, would not let them rot.
He rang the school next door. Then he rang the prison.
# A kitchen with three clocks
Schools eat at eleven, the wards at noon and the prisons at four, so there are three clocks on the wall and none of them is right.
! Bo Lind, left, and a ton of carrots in the cold store.
The county paid [[<strike>41</strike> |]]38 crowns for a meal last year, 12 fewer than its neighbours, according to its own accounts.[[<sup class="reference"><a href="#c5">[5]</a></sup>|]]
“I cook what my aunt cooked,” he said. “She had nine children and one pot.”
> The soup on Thursdays is the reason I have not moved to my daughter’s, a guest of 91 years wrote to the county.
The oven, of 1974, will be replaced in June. It has been called Gudrun since before anybody there can remember.
The county has not said who will cook in the fortnight without it.
""",
    ),
    _story(
        "Glass works of Vik is sold for one crown | Karl Osei | Business | 2024-10-08",
        """
The glass works of Vik, which has made bottles since 1788, was sold on Tuesday for one crown to its own workers.
The seller, Nordal &amp; Sons, keeps the debt of 61 million crowns and the name, but not the furnace.
The furnace has not gone out since 1951. It holds 40 tons at 1,500 degrees, and letting it cool would break it.
“You cannot sell a fire, you can only hand it on,” said Ellen Dahl, who has worked there for 33 years and was elected to lead the company.
# Ninety-four owners
Each of the 94 workers put in [[<label>5,000</label>|5,000]] crowns. The savings bank of Vik lends twelve million, secured by the moulds.
The company has orders until May. Two breweries have promised theirs for the whole of next year, and a third is thinking about it.
! Ellen Dahl at the furnace on the evening of the sale.
Year\tBottles\tLoss
2021\t14 million\t3.1 million
2023\t9 million\t8.4 million
A bottle made in Vik costs 4 crowns, one from abroad 2.70.
The bacterium that spoiled a batch in March had grown to 10[[<sup>6</sup>|⁶]] in each millilitre, an inquiry found.
Nordal has said that it will not comment before its own meeting on 22 October.
""",
    ),
    _story(
        "A choir of former miners sings at sea | Wen Castellano | Culture | 2019-08-19",
        """
When the pit at Hollen closed, its choir had 70 members, and not one of them had ever seen the sea.
On Sunday 44 of them stood on the deck of a ferry and sang for an hour and a quarter to passengers who had paid to see islands.
The idea was [[<a href="/w">Wanda Ruiz</a>|Wanda Ruiz]]’s. She was the pit’s last paymaster and sings alto, badly by her own account.
# Forty-four songs
They have a song for each of the shafts, and one for the mule that went blind in the deepest of them.
! The choir on the upper deck, in the rain.
“Below ground you sing to know who is still there,” said the oldest member, Abel Roth, who is 88.
It rained throughout. The passengers stayed, and some went below for towels which they then did not use.
> They sang the roll call last, with a pause after each name of a man who has died, and I counted thirty-one pauses.
The ferry company wants them back in spring. The choir has asked for a cabin, because the bass section gets seasick.
A recording was made by the broadcaster of the islands and will be sent at Christmas.
""",
    ),
    _story(
        "School bans homework and asks for it back | Noor El-Amin | Schools | 2025-01-30",
        """
The school at Rinn gave up homework in August. Last week its pupils voted to have it back, by 212 votes to 96.
The head teacher, Dag Hauge, said that he had not seen that coming and that he was rather proud of it.
“At home nobody asks me anything now,” said Sami, a pupil of the sixth class.
# What the teachers found
Marks in arithmetic fell by a tenth, those in reading stayed, and those in music rose, though nobody can say why.
! Pupils count votes in the gymnasium of the school.
Parents were divided. In a meeting of three hours one mother read out the last diary entry of her son, which was about the meeting.
- Homework returns on Tuesdays and Thursdays.
- It may take no longer than half an hour.
- The pupils write the tasks.
The county, which had planned to follow Rinn’s example in all of its 31 schools, will wait.
A university in the capital is to study the half year without homework. Its report is due in two years, and it will have questions to be answered at home.
""",
    ),
)
