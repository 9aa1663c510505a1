// Checks a draft: each of its sentences gets the quotes that support it, or the closest ones.
(() => {
  "use strict";
  const { make } = pq;
  let asking = null; // the check in progress

  // A quote as a button that opens its article at the marked sentence.
  function quoted(quote) {
    const credit = [quote.document_title, quote.published].filter(Boolean).join(", ");
    const open = make(
      "button",
      { type: "button", className: "pq-button pq-shows" },
      "Show in the article",
    );
    Object.assign(open.dataset, { article: quote.document_id, sentence: quote.sentence_index });
    open.setAttribute("aria-label", `Show in the article: ${quote.cited_text}`);
    return make(
      "figure",
      {},
      make("blockquote", { dir: "auto" }, quote.cited_text),
      make("figcaption", { dir: "auto" }, `— ${credit} `, open),
    );
  }

  function row(sentence) {
    const { supported, quotes } = sentence;
    const verdict = supported ? "Supported" : "Not supported by the articles";
    const why = supported ? "" : ` ${sentence.why}`;
    const nearest = !supported && quotes.length ? " The nearest quotes:" : "";
    return make(
      "li",
      { className: supported ? "pq-supported" : "pq-unsupported" },
      make("p", { className: "pq-sentence", dir: "auto" }, sentence.text),
      make("p", { className: "pq-why" }, make("strong", {}, `${verdict}.`), why + nearest),
      ...quotes.map(quoted),
    );
  }

  async function check(form) {
    const told = form.parentElement.querySelector(".pq-count");
    const list = form.parentElement.querySelector(".pq-checked");
    const text = form.querySelector("textarea").value;
    asking?.abort();
    const mine = (asking = new AbortController());
    told.textContent = "Checking …";
    list.replaceChildren();
    try {
      const response = await pq.request("api/check-draft", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text }),
        signal: mine.signal,
      });
      const { sentences } = await response.json();
      const supported = sentences.filter((sentence) => sentence.supported).length;
      told.textContent = `${supported} of ${sentences.length} sentences supported`;
      list.replaceChildren(...sentences.map(row));
    } catch (error) {
      if (mine.signal.aborted) return;
      told.textContent = `The draft was not checked. ${error.message}`;
    }
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "pq-draft-form") return;
    event.preventDefault();
    check(event.target);
  });

  document.addEventListener("click", (event) => {
    const open = event.target.closest?.(".pq-shows");
    if (!open) return;
    const { article, sentence } = open.dataset;
    const detail = { article, sentence: Number(sentence), from: open };
    document.dispatchEvent(new CustomEvent("pq-open", { detail }));
  });
})();
