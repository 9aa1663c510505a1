"""The event handlers of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from time import monotonic
from typing import Any

import gradio as gr

from pullquote.answering.requests import find
from pullquote.answering.suggested import SHOWN
from pullquote.asked import clean_question
from pullquote.config import Settings
from pullquote.errors import FilterError, PullquoteError, QuestionError, UnknownArticleError
from pullquote.filters import checked
from pullquote.serve.api.errors import TooManyError
from pullquote.serve.conversation import Conversation, Posed
from pullquote.serve.desk import Desk
from pullquote.serve.feedback import Feedback
from pullquote.serve.opening import Opening, ready
from pullquote.serve.page.asking import ask, ask_again
from pullquote.serve.page.draft import at_sentence_html
from pullquote.serve.page.fragments import notice
from pullquote.serve.page.judging import judged
from pullquote.serve.page.layout import Parts
from pullquote.serve.page.on_demand import SAVE, how_found, to_save
from pullquote.serve.page.replies import answering, first_html, opened_html
from pullquote.serve.page.state import state_html
from pullquote.serve.page.telling import told
from pullquote.serve.page.values import facets, messages, text_of

#: The id of a marked sentence, ``pq-TURN-NUMBER``.
_MARK = re.compile(r"pq-(\d{1,6})-\d{1,6}")

#: All events bypass gradio's queue: it may lose an event that is sent just as the previous one ends
#: or is cancelled, and a lost question is never answered. The conversation decides the order, and
#: no event is dropped ("multiple").
_DIRECT: dict[str, Any] = {
    "queue": False,
    "api_visibility": "private",
    "show_progress": "hidden",
    "trigger_mode": "multiple",
}

#: The most seconds that a page waits while the suggested questions of other pages are tried.
_PATIENCE = 1.0

#: Seconds after which a page that still asks for a whole answer has not received it.
_LOST = 3.0

Changes = dict[Any, Any]


def connect(
    page: gr.Blocks, parts: Parts, opening: Opening, desk: Desk, settings: Settings
) -> None:
    """Connect the events of the page to their handlers."""
    done = Handlers(parts, opening, desk, settings)
    visit, fields, acts = parts.visit, list(parts.fields), parts.acts
    asking = [parts.question, parts.status, parts.chat, parts.filters, parts.growing, parts.state]
    given = [visit, *fields]
    asked = [
        parts.question.submit(done.ask, [parts.question, *given], asking, **_DIRECT),
        acts.submit(done.ask_given, given, asking, **_DIRECT),
        acts.apply(done.ask_kept, visit, asking, **_DIRECT),
    ]
    answered = [parts.chat, parts.article, parts.growing, parts.state]
    offers = [parts.state, parts.offering]
    parts.offering.tick(done.offer, visit, offers, **_DIRECT)
    for event in asked:
        answers = event.then(done.answer, visit, answered, **_DIRECT)
        answers.then(done.offer, visit, offers, **_DIRECT)
    choices = parts.fields[2:]
    shown = [parts.status, parts.article, parts.opening, parts.filters, *choices, parts.state]
    loaded = gr.on([page.load, parts.opening.tick], done.load, visit, shown, **_DIRECT)
    loaded.then(done.offer, visit, offers, **_DIRECT)
    # An event outside the queue has a single result, so a timer fetches partial answers.
    parts.growing.tick(done.look, visit, answered, **_DIRECT)
    acts.undo(done.draw, visit, answered, **_DIRECT)
    parts.clear.click(None, None, fields, js="() => ['', '', '', '']", **_DIRECT)
    acts.select(done.show, visit, parts.article, **_DIRECT)
    acts.like(done.judge, visit, [parts.status, parts.state], **_DIRECT)
    acts.expand(done.explain, visit, parts.found, **_DIRECT)
    saved = acts.download(done.save, visit, parts.file, **_DIRECT)
    saved.then(None, parts.file, None, js=SAVE, **_DIRECT)
    begun = [parts.chat, parts.question, parts.status, parts.article, parts.growing, parts.state]
    acts.clear(done.restart, visit, begun, **_DIRECT)


class Handlers:
    """One method per event; each returns the components that change. Shared by all visitors."""

    def __init__(self, parts: Parts, opening: Opening, desk: Desk, settings: Settings) -> None:
        self._parts = parts
        self._opening = opening
        self._settings = settings
        self._answering = answering(opening, desk, settings)
        self._feedback = Feedback(settings.feedback)

    def load(self, conversation: Conversation) -> Changes:
        """Fill the page, once the models are loaded."""
        parts = self._parts
        if not self._opening.done:
            waiting = "Loading the models. You can already type your question."
            return {parts.status: notice(waiting), parts.opening: gr.Timer(active=True)}
        done = gr.Timer(active=False)
        try:
            assistant = self._opening.assistant()
            sections, sources, filterable = facets(assistant.index)
            first = first_html(assistant.index)
        except PullquoteError as error:
            return {parts.status: self._fault(error), parts.opening: done}
        outdated = assistant.notice
        return {
            parts.status: notice(outdated) if outdated else "",
            # A question that was asked meanwhile shows its own articles.
            parts.article: gr.skip() if conversation.exchanges else first,
            parts.opening: done,
            parts.filters: gr.update(visible=filterable),
            parts.fields[2]: gr.update(choices=sections),
            parts.fields[3]: gr.update(choices=sources),
            parts.state: self._state(conversation),
        }

    def ask(
        self, text: str, conversation: Conversation, request: gr.Request, *given: str
    ) -> Changes:
        """Accept the question in the box; a refused question stays there."""
        taken = self._take(text, conversation, request, given)
        return {**taken, self._parts.question: ""} if self._parts.chat in taken else taken

    def ask_given(
        self, conversation: Conversation, event: gr.EventData, request: gr.Request, *given: str
    ) -> Changes:
        """Accept a suggested question that was clicked."""
        return self._take(str(event._data), conversation, request, given)

    def ask_kept(
        self, conversation: Conversation, event: gr.EventData, request: gr.Request
    ) -> Changes:
        """Accept the questions of an earlier visit, and of a link."""
        fault = ask_again(event._data, conversation, request)
        return self._taken(conversation, notice(fault, error=True) if fault else "")

    def _take(
        self, text: str, conversation: Conversation, request: gr.Request, given: Sequence[str]
    ) -> Changes:
        parts = self._parts
        try:
            question = clean_question(text)
            if self._is_open():
                self._opening.assistant().index.check_has_articles()
            # "Summarize" means the open article; an ordinary question is asked of all articles.
            article = conversation.opened if find(question) else None
            ask(Posed(question, checked(*map(text_of, given)), article), conversation, request)
        except (QuestionError, TooManyError) as error:
            refused: Changes = {parts.status: self._fault(error)}
            if isinstance(error, FilterError):
                refused[parts.filters] = gr.update(open=True)  # show where to correct it
            return refused
        return self._taken(conversation)

    def _taken(self, conversation: Conversation, status: str = "") -> Changes:
        parts = self._parts
        several = sum(not one.done for one in conversation.exchanges) > 1
        return {
            parts.status: status,
            parts.chat: messages(conversation.exchanges),
            parts.growing: gr.Timer(active=bool(self._settings.writer) or several),
            parts.state: self._state(conversation),
        }

    def answer(self, conversation: Conversation) -> Changes:
        """Answer all waiting questions; the articles of the last one are shown."""
        conversation.answer_all(self._answering)
        return self.draw(conversation)

    def draw(self, conversation: Conversation) -> Changes:
        """The conversation as it is now, and the articles of its last answer."""
        parts = self._parts
        exchanges = conversation.exchanges
        first = first_html(self._opening.assistant().index) if self._is_open() else ""
        if exchanges and exchanges[-1].panel:
            conversation.opened = None  # the answer's articles take its place
        return {
            parts.chat: messages(exchanges),
            parts.growing: gr.Timer(active=conversation.waits),
            parts.article: (exchanges[-1].panel or gr.skip()) if exchanges else first,
            parts.state: self._state(conversation),
        }

    def offer(self, conversation: Conversation) -> Changes:
        """Try the questions that could be asked next; offer those that have an answer."""
        parts = self._parts
        if not self._is_open():
            return {parts.state: gr.skip()}
        assistant = self._opening.assistant()
        last = conversation.exchanges[-1:]
        questions = last[0].next if last else self._opening.starting(assistant)
        assistant.offered.of(questions, _PATIENCE)
        # Without any articles, go on waiting for the first one.
        more = not assistant.index.articles or not assistant.offered.has_asked(questions)
        return {parts.state: self._state(conversation), parts.offering: gr.Timer(active=more)}

    def look(self, conversation: Conversation) -> Changes:
        """Fetch the partial answers that are being written."""
        parts = self._parts
        if conversation.waits:
            shown = messages(conversation.exchanges)
            return {parts.chat: shown, parts.state: self._state(conversation)}
        # A proxy may not have waited for the response with the last answer.
        if monotonic() - conversation.answered_at > _LOST:
            return self.draw(conversation)
        # Redrawing something unchanged would take the focus away from it.
        return {parts.chat: gr.skip()}

    def show(self, conversation: Conversation, event: gr.EventData) -> Any:
        """The articles of a mark's answer, or one article, perhaps with a sentence marked."""
        # The page can send anything here.
        wanted = event._data
        if isinstance(wanted, dict) and isinstance(wanted.get("article"), str):
            try:
                index = ready(self._opening).index
                if wanted["article"] not in index.articles:
                    raise UnknownArticleError.of(wanted["article"])
                number = wanted.get("sentence")
                if isinstance(number, int):
                    shown = at_sentence_html(index, wanted["article"], number)
                else:
                    shown = opened_html(index, wanted["article"], conversation.exchanges)
                conversation.opened = wanted["article"]
                return shown
            except PullquoteError as error:
                return self._fault(error)
        match = _MARK.fullmatch(str(wanted))
        turn = int(match.group(1)) if match else -1
        if not 0 <= turn < len(conversation.exchanges) or not conversation.exchanges[turn].panel:
            return gr.skip()
        conversation.opened = None
        return conversation.exchanges[turn].panel

    def judge(self, conversation: Conversation, event: gr.EventData) -> Changes:
        """Save a verdict, or withdraw it."""
        parts = self._parts
        try:
            if not judged(event._data, conversation, self._feedback):
                return {parts.status: gr.skip()}
            return {parts.status: "", parts.state: self._state(conversation)}
        except PullquoteError as error:
            return {parts.status: self._fault(error)}

    def save(self, conversation: Conversation, event: gr.EventData) -> str:
        """The name and the content of a file to save, as JSON; empty when there is none."""
        return to_save(event._data, conversation.exchanges)

    def explain(self, conversation: Conversation, event: gr.EventData) -> Any:
        """How the answer of a turn was found."""
        if not self._is_open():
            return gr.skip()
        index = self._opening.assistant().index
        return how_found(event._data, conversation, index) or gr.skip()

    def restart(self, conversation: Conversation) -> Changes:
        """Start a new conversation, and clear the page."""
        conversation.forget()
        return {**self.draw(conversation), self._parts.question: "", self._parts.status: ""}

    def _chips(self, conversation: Conversation) -> dict[str, list[str]]:
        """The questions to offer at the start and by turn: those known to have an answer."""
        if not self._is_open():
            return {}
        assistant = self._opening.assistant()
        known = assistant.offered.known
        asked = {one.posed.question.casefold() for one in conversation.exchanges}
        own = {
            str(turn): [text for text in known(one.next) if text.casefold() not in asked][:SHOWN]
            for turn, one in enumerate(conversation.exchanges)
        }
        start = known(self._opening.starting(assistant))
        return {"start": list(start if self._settings.examples else start[:SHOWN]), **own}

    def _state(self, conversation: Conversation) -> str:
        try:
            verdicts = self._feedback.verdicts(conversation.id)
            commented = self._feedback.commented(conversation.id)
        except PullquoteError:
            verdicts, commented = {}, []  # the error is shown when a verdict is given
        manifest = self._opening.assistant().index.manifest if self._is_open() else None
        return state_html(conversation, verdicts, commented, self._chips(conversation), manifest)

    def _fault(self, error: PullquoteError) -> str:
        return notice(told(error, self._settings), error=True)

    def _is_open(self) -> bool:
        """Whether the assistant is open without an error."""
        return self._opening.done and not self._opening.error
