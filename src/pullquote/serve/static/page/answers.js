// What can be done with an answer: rate it, ask further, copy it, link to it, save it.
(() => {
  "use strict";

  pq.onState(({ verdicts, commented, chips }) => {
    for (const button of document.querySelectorAll(".pq-verdict button")) {
      const isPressed = String(verdicts.includes(button.value));
      if (button.getAttribute("aria-pressed") !== isPressed) {
        button.setAttribute("aria-pressed", isPressed);
      }
    }
    for (const form of document.querySelectorAll(".pq-comment")) {
      const turn = Number(form.dataset.turn);
      const isComplaint = ["down", "wrong_citation"].some((kind) => verdicts.includes(`${turn}-${kind}`));
      const isSent = commented.includes(turn);
      const isHeld = form.contains(document.activeElement);
      const wasHidden = form.hidden;
      form.hidden = !isComplaint || isSent;
      // After a bad rating, the field for a comment comes into view.
      if (wasHidden && !form.hidden && form.parentElement.contains(document.activeElement)) {
        form.scrollIntoView({ block: "nearest" });
      }
      if (form.hidden && isHeld) {
        document.querySelector(`.pq-verdict [value^="${turn}-"][aria-pressed="true"]`)?.focus();
      }
      const thanks = isComplaint && isSent ? "Thank you. This was kept." : "";
      const said = form.nextElementSibling;
      if (said.textContent !== thanks) said.textContent = thanks;
    }
    for (const row of document.querySelectorAll("[data-chips]")) {
      const questions = chips[row.dataset.chips] ?? [];
      const drawn = [...row.children].map((button) => button.value);
      if (drawn.join("\n") === questions.join("\n")) continue;
      row.replaceChildren(
        ...questions.map((text) =>
          pq.make("button", { type: "button", className: "pq-ask", value: text }, text),
        ),
      );
    }
  });

  // The parts of the answer as it is shown; quotes stay exact, whatever characters they contain.
  function parts(answer) {
    const found = [];
    const quoted = (from) => ({
      quotes: [...from.querySelectorAll("blockquote")].map((quote) => ({
        before: quote.querySelector(".pq-quote").previousElementSibling?.textContent ?? "",
        text: quote.querySelector(".pq-quote").textContent,
        number: quote.querySelector(".pq-cite").textContent,
        after: quote.querySelector(".pq-cite + .pq-context")?.textContent ?? "",
      })),
      credit: from.querySelector("figcaption")?.textContent.replace(/^— /, "") ?? "",
      link: from.querySelector("figcaption a"),
    });
    for (const element of answer.children) {
      if (element.matches("figure")) found.push(quoted(element));
      else if (element.matches("details")) {
        found.push({ text: element.querySelector("summary").textContent + ":" });
        for (const figure of element.querySelectorAll("figure")) found.push(quoted(figure));
      } else if (element.matches("[data-message], .pq-written")) {
        const marks = [...element.querySelectorAll(".pq-cite")].map((cite) => `[${cite.textContent}]`);
        const text = element.firstChild?.textContent.trim() ?? "";
        const credit = element.querySelector(".pq-credit");
        found.push({ text: [text, ...marks].join(" ") + (credit ? `\n${credit.textContent}` : "") });
      }
    }
    return found;
  }

  const around = ({ before, text, after }) =>
    (before.trim() && `(${before.trim()}) `) + text + (after.trim() && ` (${after.trim()})`);

  const asText = (question, answer) =>
    [
      question,
      ...answer.map((part) =>
        part.quotes
          ? [
              ...part.quotes.map((quote) => `“${around(quote)}” [${quote.number}]`),
              ...(part.credit ? [`— ${part.credit}`] : []),
            ].join("\n")
          : part.text,
      ),
    ].join("\n\n");

  // Shown literally, as answering/render/as_markdown.py does it.
  const SPECIAL = /([\\`*_{}[\]()<>#+\-!|~$&=:@^]|(?<=www)\.)/gi;
  const LINE_START = /^(\s*\d+)([.)])/gm;
  const escaped = (text) => text.replace(SPECIAL, "\\$1").replace(LINE_START, "$1\\$2");

  const asMarkdown = (question, answer) =>
    [
      `**${escaped(question)}**`,
      ...answer.map((part) =>
        part.quotes
          ? [
              // Lines after a line break within a quote are quoted too.
              ...part.quotes.map(
                (quote) =>
                  `> ${escaped(around(quote)).replaceAll("\n", "\n> ")} \\[${quote.number}\\]\n>`,
              ),
              ...(part.credit ? [`> — ${escaped(part.credit)}`] : []),
            ].join("\n")
          : escaped(part.text),
      ),
    ].join("\n\n");

  function asHtml(question, answer) {
    const { make } = pq;
    const root = make("div", {}, make("p", {}, make("strong", { dir: "auto" }, question)));
    for (const part of answer) {
      if (!part.quotes) {
        root.append(make("p", {}, part.text));
        continue;
      }
      for (const quote of part.quotes) {
        const text = make("p", {}, `${around(quote)} [${quote.number}]`);
        root.append(make("blockquote", { dir: "auto" }, text));
      }
      if (!part.credit) continue;
      const credit = make("p", {}, `— ${part.credit}`);
      if (part.link) {
        // The address may be shown otherwise than it is encoded.
        const { href, textContent: shown } = part.link;
        credit.replaceChildren(
          `— ${part.credit.slice(0, -shown.length)}`,
          make("a", { href }, shown),
        );
      }
      root.append(credit);
    }
    return root.innerHTML;
  }

  // Returns whether it was copied. Without https or localhost a page has no clipboard API; the old
  // copy command works there, and takes the focus for a moment.
  async function copy(text, html) {
    try {
      const data = { "text/plain": new Blob([text], { type: "text/plain" }) };
      if (html) data["text/html"] = new Blob([html], { type: "text/html" });
      await navigator.clipboard.write([new ClipboardItem(data)]);
      return true;
    } catch {
      const held = document.activeElement;
      const area = pq.make("textarea", { value: text });
      document.body.append(area);
      area.select();
      const isCopied = document.execCommand("copy");
      area.remove();
      held?.focus({ preventScroll: true });
      return isCopied;
    }
  }

  function linked(turn) {
    const address = new URL(location.pathname, location.href);
    const named = { document_id: "article" };
    for (const [name, value] of Object.entries(pq.state().links[turn] ?? {})) {
      address.searchParams.set(named[name] ?? name, value);
    }
    return address.href;
  }

  const said = {
    text: "Copied.",
    link: "Link copied.",
    markdown: "Copied as Markdown.",
    html: "Copied as HTML.",
  };

  async function take(button) {
    const [turn, kind] = button.value.split("-");
    if (kind === "receipt" || kind === "json") return pq.act("download", button.value);
    const answer = document.querySelector(`.pq-answer[data-turn="${turn}"]`);
    const question = pq.state().links[turn]?.q ?? "";
    const found = parts(answer);
    const html = asHtml(question, found);
    const copies = {
      link: () => copy(linked(turn)),
      markdown: () => copy(asMarkdown(question, found)),
      html: () => copy(html),
      // Programs that accept formatted text get it; all others get plain text.
      text: () => copy(asText(question, found), html),
    };
    pq.say((await copies[kind]()) ? said[kind] : "This could not be copied.");
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    for (const open of document.querySelectorAll(".pq-more[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
    const verdict = on(".pq-verdict button");
    if (verdict) {
      const taken = verdict.getAttribute("aria-pressed") === "true";
      return pq.act("like", taken ? verdict.value.replace(/-.*/, "-none") : verdict.value);
    }
    const asked = on(".pq-ask");
    if (asked) {
      pq.act("submit", asked.value);
      // The pressed button disappears, so a keyboard user's focus moves to the box. After a touch,
      // that would open the phone's keyboard.
      if (event.detail === 0) document.querySelector("#pq-question textarea").focus();
      return;
    }
    const tool = on(".pq-do, .pq-more button");
    if (tool) {
      take(tool);
      const menu = tool.closest("details");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    const change = on(".pq-change");
    if (change) {
      // "Change": puts the question as understood into the box, to be corrected and asked again.
      const box = document.querySelector("#pq-question textarea");
      box.value = change.value;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.(".pq-comment");
    if (!form) return;
    event.preventDefault();
    const box = form.querySelector("textarea");
    const comment = box.value.trim();
    const verdict = pq.state().verdicts.find((given) => given.startsWith(`${form.dataset.turn}-`));
    if (comment && verdict) pq.act("like", { verdict, comment });
    else box.focus();
  });

  // How an answer was found is only fetched when somebody opens it.
  document.addEventListener(
    "toggle",
    (event) => {
      const how = event.target;
      if (!how.matches?.(".pq-how[open]") || how.querySelector("[data-found]")) return;
      const { turn } = how.dataset;
      const place = how.querySelector("div");
      function show() {
        // An earlier conversation's answer of this turn may still be there.
        const wanted = `${pq.state().conversation}-${turn}`;
        const found = document.querySelector(`#pq-found [data-found="${wanted}"]`);
        if (found) place.replaceChildren(found.cloneNode(true));
        return Boolean(found);
      }
      if (show()) return;
      const observer = new MutationObserver(() => show() && observer.disconnect());
      observer.observe(document.documentElement, { childList: true, subtree: true });
      setTimeout(() => {
        observer.disconnect();
        if (!place.firstChild) place.textContent = "This could not be fetched. Open it again.";
      }, 10000);
      pq.act("expand", turn);
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.activeElement?.closest(".pq-more[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
})();
