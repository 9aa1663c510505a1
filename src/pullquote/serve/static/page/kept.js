// Stores the conversation in the visitor's own browser, and nowhere else.
(() => {
  "use strict";
  const KEY = "pq-conversation";

  // A browser may forbid storage; then a conversation ends when its page is closed.
  function stored() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return (Array.isArray(kept) ? kept : []).map((one) => ({ ...one, again: "yes" }));
    } catch {
      return [];
    }
  }

  let last = ""; // the questions that were kept last
  let isKept = true;
  // "New conversation" in another tab deletes what is kept: this one must not write it back.
  addEventListener("storage", ({ key, newValue }) => {
    if ([KEY, null].includes(key) && newValue === null) isKept = false;
  });

  function keep(kept) {
    const text = JSON.stringify(kept);
    if (text === last || !isKept) return;
    last = text;
    try {
      if (kept.length) localStorage.setItem(KEY, text);
      else localStorage.removeItem(KEY);
    } catch {}
  }

  // The question that the page's address asks, and about which articles.
  function linked() {
    const given = new URLSearchParams(location.search);
    const names = ["q", "article", "since", "until", "section", "source", "v"];
    const asked = Object.fromEntries(
      names.filter((name) => given.get(name)).map((name) => [name, given.get(name)]),
    );
    if (!asked.q) return [];
    asked.document_id = asked.article;
    // The question is removed from the address, so that a reload does not ask it again.
    for (const name of names) given.delete(name);
    const rest = given.toString();
    history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : ""));
    return [asked];
  }

  let current = "";
  let isLeft = false; // whether the visitor has left the conversation
  document.addEventListener("pq-act", ({ detail }) => (isLeft ||= detail.name === "clear"));

  // A server that was restarted has forgotten the conversation: it is begun again, with the new
  // question at its end.
  let isForgotten = false;
  function follow({ conversation, kept }) {
    if (conversation === current) return;
    isForgotten = current && !isLeft;
    [current, isLeft, isKept, last] = [conversation, false, true, ""];
    if (!isForgotten) return;
    keep([...stored(), ...kept]);
    location.reload();
  }

  let isBegun = false;
  pq.onState((state, isNew) => {
    // The first state comes when the models are loaded.
    if (!isNew || isForgotten) return;
    follow(state);
    if (isForgotten) return;
    if (isBegun) return keep(state.kept);
    isBegun = true;
    // A question asked while the models were loading has begun a new conversation.
    const waiting = state.kept.length ? [] : [...stored(), ...linked()];
    if (!waiting.length) return keep(state.kept);
    last = JSON.stringify(state.kept);
    pq.act("apply", waiting);
  });
})();
