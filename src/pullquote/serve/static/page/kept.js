// The conversation is kept in the visitor's own browser, and nowhere else.
(() => {
  "use strict";
  const KEY = "pq-conversation";

  // A browser may forbid it; then a conversation ends with its page.
  function stored() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return (Array.isArray(kept) ? kept : []).map((one) => ({ ...one, again: "yes" }));
    } catch {
      return [];
    }
  }

  function keep(kept) {
    try {
      if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept));
      else localStorage.removeItem(KEY);
    } catch {}
  }

  // What a link asks: the question, and of which articles.
  function linked() {
    const given = new URLSearchParams(location.search);
    const names = ["q", "article", "since", "until", "section", "source", "v"];
    const asked = Object.fromEntries(
      names.filter((name) => given.get(name)).map((name) => [name, given.get(name)]),
    );
    if (!asked.q) return [];
    asked.document_id = asked.article;
    // Asked once: a reload must not ask it again.
    for (const name of names) given.delete(name);
    const rest = given.toString();
    history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : ""));
    return [asked];
  }

  let current = "";
  let isLeft = false; // by the visitor
  document.addEventListener("pq-act", ({ detail }) => (isLeft ||= detail.name === "clear"));

  // A server that was started anew has forgotten the conversation: it is begun again, with what was
  // asked now at its end.
  let isForgotten = false;
  function follow({ conversation, kept }) {
    if (conversation === current) return;
    isForgotten = current && !isLeft;
    [current, isLeft] = [conversation, false];
    if (!isForgotten) return;
    keep([...stored(), ...kept]);
    location.reload();
  }

  let isBegun = false;
  pq.onState((state, isNew) => {
    // The first state is told when the models are there.
    if (!isNew || isForgotten) return;
    follow(state);
    if (isForgotten) return;
    if (isBegun) return keep(state.kept);
    isBegun = true;
    // A question that was asked while the models were loading is the beginning of another one.
    const waiting = state.kept.length ? [] : [...stored(), ...linked()];
    if (waiting.length) pq.act("apply", waiting);
    else keep(state.kept);
  });
})();
