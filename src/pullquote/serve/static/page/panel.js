// The panel beside the conversation: which article is shown, and at which sentence.
(() => {
  "use strict";
  let pressed = null; // the citation or button that was pressed last; Escape returns to it

  // On a phone the open panel covers the conversation.
  function view(name, isAsked = true) {
    const body = document.body;
    body.dataset.pqView = name;
    for (const button of document.querySelectorAll("#pq-bar [data-view]")) {
      button.setAttribute("aria-pressed", button.dataset.view === name);
    }
    if (isAsked) body.dataset.pqOpen = "";
    cover();
    if (name === "list") document.dispatchEvent(new CustomEvent("pq-listed"));
  }

  function close() {
    delete document.body.dataset.pqOpen;
    cover();
  }

  // Keyboard focus must not reach what is covered by the panel.
  const phone = matchMedia("(max-width: 899px)");
  function cover() {
    const isBelow = phone.matches && "pqOpen" in document.body.dataset;
    for (const part of document.querySelectorAll("#pq-head, #pq-talk")) part.inert = isBelow;
    const label = document.querySelector("#pq-bar .pq-back");
    const hasAnswer = document.querySelector("#pq-chat .pq-answer");
    if (label) label.textContent = hasAnswer ? "Back to the answer" : "Back";
  }
  phone.addEventListener("change", cover);

  function show(id) {
    const mark = document.getElementById(id);
    if (!mark || mark.tagName !== "MARK") return false;
    view("article");
    activate(mark);
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center", behavior: pq.isCalm() ? "auto" : "smooth" });
    return true;
  }

  function activate(mark) {
    for (const other of document.querySelectorAll("mark.pq-active")) {
      other.classList.remove("pq-active");
    }
    mark.classList.add("pq-active");
  }

  // The article of an earlier answer must first be requested from the server.
  function request(wanted, shown) {
    const panel = document.getElementById("pq-article");
    const observer = new MutationObserver(() => shown() && observer.disconnect());
    observer.observe(panel, { childList: true, subtree: true });
    setTimeout(() => observer.disconnect(), 10000);
    pq.act("select", wanted);
  }

  // Opens an article, or one of its sentences, which is then marked.
  function open({ article: id, sentence, from }) {
    const at = sentence === undefined ? null : `pq-999999-${sentence + 1}`;
    if (from) pressed = from;
    view("article");
    const shown = () => {
      const article = document.querySelector("#pq-article article");
      const mark = article?.querySelector(at ? `#${at}` : "mark");
      if (article?.dataset.id !== id || (at && !mark)) return false;
      document.getElementById("pq-article").scrollTop = 0;
      if (mark) reveal(mark);
      if (at) activate(mark);
      document.getElementById("pq-article").focus({ preventScroll: true });
      return true;
    };
    const only = document.querySelectorAll("#pq-article article").length === 1;
    if (!only || !shown()) request(at ? { article: id, sentence } : { article: id }, shown);
  }
  document.addEventListener("pq-open", (event) => open(event.detail));

  // Scrolls only the panel: on a phone the conversation stays where it is.
  function reveal(mark) {
    const panel = document.getElementById("pq-article");
    const top = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTop += top - panel.clientHeight / 3;
  }

  // Scrolls to the first quote of a new answer, without moving the focus.
  let drawn = "";
  let had = 0;
  function follow() {
    const panel = document.getElementById("pq-article");
    const marks = [...panel.querySelectorAll("mark")];
    const now = marks.map((mark) => mark.id).join(" ");
    const texts = panel.querySelectorAll("article").length;
    if (now === drawn && texts === had) return;
    // A single article is shown at once; with several, a reader begins with the list.
    if (texts !== had && !now) view(texts ? "article" : "list", false);
    [drawn, had] = [now, texts];
    const first = marks.find((mark) => mark.dataset.number === "1");
    if (!first) return;
    view("article", false);
    activate(first);
    reveal(first);
  }

  // Puts the last question at the top of the conversation, so that its answer is read from the
  // beginning. Observes the whole document, because the page is made after this script runs.
  let seen = ""; // how many questions and answers there were
  new MutationObserver((changes) => {
    const has = (selector) => changes.some((change) => change.target.closest?.(selector));
    if (!document.body?.dataset.pqView && document.getElementById("pq-bar")) view("list", false);
    const panel = document.getElementById("pq-article");
    // The panel scrolls by itself, so the keyboard must be able to reach it.
    if (panel && panel.tabIndex < 0) {
      panel.tabIndex = 0;
      panel.setAttribute("role", "region");
      panel.setAttribute("aria-label", "Article");
    }
    if (has("#pq-article")) follow();
    if (!has('#pq-chat [role="log"]')) return;
    const rows = document.querySelectorAll("#pq-chat .user-row");
    const answers = document.querySelectorAll("#pq-chat :is(.pq-answer, .pq-failed)");
    const now = `${rows.length} ${answers.length}`;
    // Scroll only for new ones: the conversation also changes where somebody reads, for example
    // when a part of an answer is opened.
    if (now === seen) return;
    seen = now;
    if (!rows.length) return;
    requestAnimationFrame(() => {
      const last = [...rows].pop();
      const scroller = last?.closest('[role="log"]');
      if (!scroller) return;
      const offset = last.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      scroller.scrollTop += offset - 8;
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  function back() {
    close();
    const box = document.querySelector("#pq-question textarea");
    const target = pressed?.checkVisibility() ? pressed : box;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center", behavior: pq.isCalm() ? "auto" : "smooth" });
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".pq-back")) return back();
    if (event.target.closest?.("#pq-article .pq-ask")) return close();
    const tab = event.target.closest?.("[data-view]");
    if (tab?.tagName === "BUTTON") {
      view(tab.dataset.view);
      if (tab.closest("#pq-side") || !pq.isPhone()) return;
      pressed = tab;
      return document.querySelector("#pq-bar .pq-back").focus();
    }
    const link = event.target.closest?.('a[href^="#pq-"]');
    if (!link) return;
    event.preventDefault();
    pressed = link;
    const id = link.hash.slice(1);
    if (!show(id)) request(id, () => show(id));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.closest("#pq-side")) back();
  });
})();
