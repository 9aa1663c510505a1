// Pressing a citation shows its sentence in the article beside the chat.
(() => {
  "use strict";
  let pressed = null; // the citation that was pressed last; Escape goes back to it

  const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function show(id) {
    const mark = document.getElementById(id);
    if (!mark || mark.tagName !== "MARK") return false;
    for (const other of document.querySelectorAll("mark.pq-active")) {
      other.classList.remove("pq-active");
    }
    mark.classList.add("pq-active");
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center", behavior: isCalm() ? "auto" : "smooth" });
    return true;
  }

  // The article of an earlier answer has to be fetched first: the panel asks the server for it.
  function request(id) {
    document.dispatchEvent(new CustomEvent("pq-wanted", { detail: id }));
    const panel = document.getElementById("pq-article");
    const observer = new MutationObserver(() => show(id) && observer.disconnect());
    observer.observe(panel, { childList: true, subtree: true });
    setTimeout(() => observer.disconnect(), 10000);
  }

  // The server says which verdicts are kept; an answer is drawn anew with each question.
  function showVerdicts() {
    const kept = document.getElementById("pq-verdicts")?.textContent.trim().split(/\s+/) ?? [];
    for (const button of document.querySelectorAll(".pq-verdict button")) {
      button.setAttribute("aria-pressed", kept.includes(button.value));
    }
  }

  // The last question stays at the top of the conversation, so that its answer is read from
  // its beginning. The page is made after this script runs, hence the wide net.
  new MutationObserver((changes) => {
    if (changes.some((change) => change.target.closest?.("#pq-chat, #pq-verdicts"))) showVerdicts();
    // Whoever asks below long filters must see why nothing comes of it.
    if (changes.some((change) => change.target.closest?.("#pq-status"))) {
      document.querySelector("#pq-status .pq-error")?.scrollIntoView({ block: "nearest" });
    }
    // It scrolls by itself: the keyboard must get into it.
    const article = document.getElementById("pq-article");
    if (article && article.tabIndex < 0) article.tabIndex = 0;
    // Only what is said moves it: whoever scrolls down makes gradio's own buttons come and go.
    if (!changes.some((change) => change.target.closest?.('#pq-chat [role="log"]'))) return;
    requestAnimationFrame(() => {
      const last = [...document.querySelectorAll("#pq-chat .user-row")].pop();
      const scroller = last?.closest('[role="log"]');
      if (!scroller) return;
      const offset = last.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      scroller.scrollTop += offset - 8;
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  function back() {
    const target = pressed?.isConnected ? pressed : document.querySelector("#pq-question textarea");
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center", behavior: isCalm() ? "auto" : "smooth" });
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#pq-back a")) {
      event.preventDefault();
      back();
      return;
    }
    const verdict = event.target.closest?.(".pq-verdict button");
    if (verdict) {
      const taken = verdict.getAttribute("aria-pressed") === "true";
      const detail = taken ? verdict.value.replace(/-.*/, "-none") : verdict.value;
      document.dispatchEvent(new CustomEvent("pq-verdict", { detail }));
      return;
    }
    const change = event.target.closest?.(".pq-change");
    if (change) {
      // What was understood, to be put right and asked again.
      const box = document.querySelector("#pq-question textarea");
      box.value = change.value;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
      return;
    }
    const link = event.target.closest?.('a[href^="#pq-"]');
    if (!link) return;
    event.preventDefault();
    pressed = link;
    const id = link.hash.slice(1);
    if (!show(id)) request(id);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.closest("#pq-article")) back();
  });
})();
