// The articles beside the conversation: which of them is shown, and which sentence.
(() => {
  "use strict";
  let pressed = null; // the citation, or the button, that was pressed last; Escape goes back to it

  // On a phone the panel lies over the conversation while it is open.
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

  // What lies below the panel is not to be walked through with the keyboard.
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

  // The article of an earlier answer has to be fetched first: the panel asks the server for it.
  function request(wanted, shown) {
    const panel = document.getElementById("pq-article");
    const observer = new MutationObserver(() => shown() && observer.disconnect());
    observer.observe(panel, { childList: true, subtree: true });
    setTimeout(() => observer.disconnect(), 10000);
    pq.act("select", wanted);
  }

  // An article, or one of its sentences, which is marked then.
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
  document.addEventListener("pq-open", (event) =>
    open(typeof event.detail === "string" ? { article: event.detail } : event.detail),
  );

  // Scrolls the panel alone: on a phone the conversation stays where it is.
  function reveal(mark) {
    const panel = document.getElementById("pq-article");
    const top = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTop += top - panel.clientHeight / 3;
  }

  // A new answer's first quote is in sight at once, and nobody loses the focus for it.
  let drawn = "";
  let had = 0;
  function follow() {
    const panel = document.getElementById("pq-article");
    const marks = [...panel.querySelectorAll("mark")];
    const now = marks.map((mark) => mark.id).join(" ");
    const texts = panel.querySelectorAll("article").length;
    if (now === drawn && texts === had) return;
    // A single article is there at once; among several a reader begins with the list.
    if (texts !== had && !now) view(texts ? "article" : "list", false);
    [drawn, had] = [now, texts];
    const first = marks.find((mark) => mark.dataset.number === "1");
    if (!first) return;
    view("article", false);
    activate(first);
    reveal(first);
  }

  // The last question stays at the top of the conversation, so that its answer is read from
  // its beginning. The page is made after this script runs, hence the wide net.
  new MutationObserver((changes) => {
    const has = (selector) => changes.some((change) => change.target.closest?.(selector));
    if (!document.body?.dataset.pqView && document.getElementById("pq-bar")) view("list", false);
    const panel = document.getElementById("pq-article");
    // It scrolls by itself: the keyboard must get into it.
    if (panel && panel.tabIndex < 0) panel.tabIndex = 0;
    if (has("#pq-article")) follow();
    // Only what is said moves it: whoever scrolls down makes gradio's own buttons come and go.
    if (!has('#pq-chat [role="log"]')) return;
    const rows = document.querySelectorAll("#pq-chat .user-row");
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
