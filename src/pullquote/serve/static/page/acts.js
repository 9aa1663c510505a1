// Tells the server which button was pressed, and shows people what has happened.
window.pq = (() => {
  "use strict";
  // An event on the document, because the component that listens is created after this script runs.
  const act = (name, data) =>
    document.dispatchEvent(new CustomEvent("pq-act", { detail: { name, data } }));

  // The server's response. What goes wrong is an error with a message to show.
  const LOST = "The server cannot be reached. Try again.";
  async function request(path, options) {
    const response = await fetch(path, options).catch(() => {
      throw new Error(LOST);
    });
    if (response.ok) return response;
    const told = await response.json().catch(() => null);
    throw new Error(told?.error?.message ?? LOST);
  }

  const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const isPhone = () => matchMedia("(max-width: 899px)").matches;

  // There from the start: screen readers tell how an element changes, not that it has come.
  const toast = make("p", { id: "pq-said" });
  toast.setAttribute("role", "status");
  if (document.body) document.body.append(toast);
  else document.addEventListener("DOMContentLoaded", () => document.body.append(toast));
  let fading = 0;
  function say(text) {
    toast.textContent = text;
    clearTimeout(fading);
    fading = setTimeout(() => (toast.textContent = ""), 4000);
  }

  // Gradio does not say why a request has failed, for example one of too many.
  const send = window.fetch;
  window.fetch = async (...given) => {
    const response = await send(...given);
    if (!response.ok && response.url.includes("/gradio_api/run/")) {
      const told = await response.clone().json().catch(() => null);
      say(told?.error?.message ?? "The server has failed. Try again later.");
    }
    return response;
  };

  // Several scripts show parts of the server's state; each is called when the state changes.
  const readers = [];
  let last = { verdicts: [], commented: [], chips: {}, kept: [], links: [] };
  let seen = ""; // the last state as text, even one that came too late
  const left = new Set(); // earlier conversations, which the visitor has left
  let isLate = false;
  new MutationObserver((changes) => {
    const text = document.getElementById("pq-state")?.textContent.trim() ?? "";
    const isNew = text !== seen;
    if (isNew) {
      seen = text;
      let next;
      try {
        next = JSON.parse(text);
      } catch {
        return; // the text is not complete yet
      }
      // Responses may overtake one another: one from a conversation that was left comes too late.
      isLate = left.has(next.conversation);
      if (isLate) act("undo", null);
      else {
        if (next.conversation !== last.conversation) left.add(last.conversation);
        last = next;
      }
    }
    if (isLate) return;
    const isRedrawn = changes.some((change) => change.target.closest?.("#pq-chat"));
    if (isNew || isRedrawn) for (const read of readers) read(last, isNew);
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });

  // Makes an element. Texts come from articles, so they are never inserted as markup.
  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // Gradio has no date field; the browser's own has the same value, YYYY-MM-DD.
  function makeDays() {
    for (const field of document.querySelectorAll('.pq-day :is(input, textarea):not([type="date"])')) {
      field.type = "date";
    }
  }
  new MutationObserver(makeDays).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-act]");
    if (button) act(button.dataset.act, null);
  });

  const onState = (read) => readers.push(read);
  return { act, request, isCalm, isPhone, say, state: () => last, make, onState };
})();
