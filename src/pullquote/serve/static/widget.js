// Pullquote's panel, in one shadow root. The page is not changed, and no markup is parsed.
(async () => {
  "use strict";
  const script = document.currentScript ?? document.querySelector("script[data-pullquote]");
  if (!script || window.Pullquote) return;
  window.Pullquote = {}; // until the texts are there
  const data = script.dataset;
  const server = new URL(".", script.src).href;
  const embedded = "embed" in data;
  const MAX_QUESTION = 500;

  // ---- Texts
  const ENGLISH = {
    title: "Ask the articles", hint: "Why did …?", question: "Your question", send: "Ask",
    close: "Close", searching: "Searching the articles …", show: "Show in the article",
    open: "Open the article", quote: "Quote", quotes: "Quotes",
    closest: "Closest passages (they do not answer the question)", marked: "Marked in the article.",
    gone: "The sentence is not on this page as it was quoted.",
    broken: "The connection broke before the answer was complete.",
    offline: "The server cannot be reached, or does not answer this site.",
    again: "Try again", long: "At most {} characters.",
    intro: "Answers are cut word for word from the articles.", updated: "updated", also: "Also in:",
    understood: "Understood as:", change: "Change", save: "Save this answer", unknown: "No article has:",
    written: "In a language model’s words, checked against these quotes:",
  };
  const other = /^(de|fr|es|ar)\b/i.exec(data.lang || document.documentElement.lang)?.[1].toLowerCase();
  const t = other
    ? await fetch(`${server}widget/${other}.json`, { credentials: "omit" })
        .then(async (response) => (response.ok ? { ...ENGLISH, ...(await response.json()) } : ENGLISH))
        .catch(() => ENGLISH)
    : ENGLISH;
  const lang = t === ENGLISH ? "en" : other;

  // ---- The page's own article
  let more = null; // the second file, from the first opening on
  let tries = 0; // a browser gives what failed again, under the same address
  let equipped = null;
  let pages = null; // the page's articles and last the whole page; each is read when needed

  function load() {
    more ??= import(`${server}widget/more.js?v={more}&${tries++}`).then(
      (file) => {
        equipped ??= { ...file, ...file.equip({ make, say, server, shadow, t, all, fresh }) };
      },
      () => (more = null), // the next time
    );
    return more;
  }

  function locate(citation, sure) {
    pages ??= [...articles(), document.body].map((root) => ({ root }));
    return equipped?.find(citation, pages, host, sure);
  }

  function articles() {
    try {
      return document.querySelectorAll(data.root || "article");
    } catch {
      return document.querySelectorAll("article"); // no selector
    }
  }

  function page(address) {
    if (!URL.canParse(address, location.href)) return address;
    const url = new URL(address, location.href);
    for (const name of [...url.searchParams.keys()]) {
      if (/^(utm_|mc_|igshid|ref_src)|clk?id$/i.test(name)) url.searchParams.delete(name);
    }
    return url.host.replace(/^www\./, "") + url.pathname.replace(/\/+$/, "") + url.search;
  }

  const given = {}; // an address, and where the page was when it gave it
  // A single-page app may go on to another article, and leave the address of the one before.
  function holds(address) {
    const { pathname, search, hash } = location;
    const place = [pathname, address.includes("?") && search, /^#!?\//.test(hash) && hash].join();
    return (given[address] ??= place) === place;
  }

  function here() {
    const newest = [...document.scripts].findLast(({ src }) => src === script.src)?.dataset.articleUrl;
    const canonical = document.querySelector('link[rel="canonical"]')?.href;
    const [address] = [newest ?? data.articleUrl, canonical].filter((one) => one && holds(one));
    return address ?? location.href.split("#")[0];
  }

  function isHere(citation) {
    return !embedded && !!equipped && (isOwn(citation) || (!citation.url && !!locate(citation)));
  }

  function isOwn({ document_id, url }) {
    const own = here();
    return document_id === own || (!!url && page(url) === page(own));
  }

  // A text fragment: https://wicg.github.io/scroll-to-text-fragment/
  function link({ url, cited_text }, name, attributes = {}) {
    if (!/^https?:\/\//i.test(url ?? "")) return null;
    const text = encodeURIComponent(cited_text.replace(/\s+/g, " ")).replace(/-/g, "%2D");
    const [address, hash = ""] = url.split("#");
    const href = `${address}#${hash}:~:text=${text}`;
    return make("a", { ...attributes, href, target: "_blank", rel: "noopener noreferrer" }, name);
  }

  // ---- The panel
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value !== false) element.setAttribute(name, value);
    }
    element.append(...children.filter(Boolean));
    return element;
  }

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial !important; --accent: var(--pullquote-accent, #1f5fae);
      --back: var(--pullquote-background, light-dark(#fff, #1d2026)); --ink: var(--pullquote-text, light-dark(#1c1e21, #eceef1));
      --soft: light-dark(#5c6370, #a9b1bd); --line: light-dark(#c9ced6, #454b55) }
    * { box-sizing: border-box; font: inherit; color: inherit }
    [hidden] { display: none !important }
    .root { color-scheme: light dark; font: var(--pullquote-font, 16px/1.5 system-ui, sans-serif); color: var(--ink); overflow-wrap: anywhere }
    .launcher, .panel { position: fixed; inset-block-end: 16px; inset-inline-end: 16px; z-index: 2147483000; box-shadow: 0 4px 24px #0005 }
    .left > * { left: 16px; right: auto }
    .right > * { left: auto; right: 16px }
    button, .go { min-height: 44px; min-width: 44px; padding: 8px 14px; border: 1px solid var(--line); border-radius: 8px;
      background: none; cursor: pointer; text-align: start }
    .launcher, .send { border-color: var(--accent); background: var(--accent); color: var(--on) }
    :focus-visible { outline: 3px solid light-dark(#1f5fae, #8ab8ff); outline-offset: 2px }
    .panel { display: flex; flex-direction: column; width: min(400px, 100vw - 32px); height: min(640px, 100dvh - 32px);
      background: var(--back); border: 1px solid var(--line); border-radius: 12px; overflow: hidden }
    header, form { display: flex; align-items: center; gap: 8px; padding: 8px 16px; border-block-end: 1px solid var(--line) }
    form { flex-wrap: wrap; border-block: 1px solid var(--line) 0 }
    h2 { flex: 1; margin: 0; font-weight: 600 }
    .close { border: 0; text-align: center }
    .log { flex: 1; overflow-y: auto; padding: 12px 16px }
    p { margin: 0 0 8px }
    .asked { margin-block-start: 16px; font-weight: 600 }
    blockquote { margin: 0 0 16px; padding-inline-start: 12px; border-inline-start: 3px solid var(--accent); white-space: pre-line }
    b { padding: 1px 2px; border-radius: 3px; background: var(--pullquote-words, #ffc247); color: #16181d; box-decoration-break: clone }
    @media (forced-colors: active) { b { text-decoration: underline 2px } }
    sup { font-size: .75em; line-height: 0 }
    .made { display: block }
    .aside, footer, summary, .small { color: var(--soft) }
    footer, .small, .go { font-size: .875em }
    .go { display: inline-flex; align-items: center; margin-block-start: 4px; color: var(--ink); text-decoration: none }
    summary { padding: 10px 0; cursor: pointer }
    .error { color: light-dark(#a61b0f, #ff9d93) }
    .error button, .suggest { display: block; margin-block-start: 8px; color: var(--ink) }
    textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 140px; padding: 9px 12px; resize: none; field-sizing: content;
      border: 1px solid var(--soft); border-radius: 8px; background: light-dark(#fff, #14161a) }
    ::placeholder { color: var(--soft); opacity: 1 }
    /* A phone zooms into smaller ones. */
    @media (pointer: coarse) { textarea { font-size: max(1em, 16px) } }
    [role=alert] { flex-basis: 100% }
    .quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
    @media (max-width: 520px) { .panel { inset: auto 0 0; width: auto; height: min(640px, 85dvh) } }
    .embed .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; box-shadow: none }
    @media print { .root { display: none } }`);

  const host = make("pullquote-widget", { lang, dir: lang === "ar" ? "rtl" : "ltr" });
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];
  const title = data.title || t.title;
  const log = make("div", { class: "log", tabindex: "0", role: "region", "aria-label": title });
  const box = make("textarea", { rows: 1, placeholder: t.hint, "aria-label": t.question, keydown: onKey, input: onInput });
  const long = make("p", { class: "small", role: "alert", hidden: true }, t.long.replace("{}", MAX_QUESTION));
  const send = make("button", { class: "send", type: "submit" }, t.send);
  const said = make("div", { class: "quiet", role: "status" });
  const closeButton = make("button", { class: "close", type: "button", "aria-label": t.close, hidden: embedded, click: close }, "✕");
  const form = make("form", { submit: onSubmit }, box, send, long);
  const panel = make(
    "div",
    { class: "panel", part: "panel", role: embedded ? "region" : "dialog", "aria-labelledby": "title", hidden: true, keydown: onEscape },
    make("header", {}, make("h2", { id: "title" }, title), closeButton),
    log,
    form,
  );
  const launcher = make("button", { class: "launcher", part: "launcher", type: "button", click: () => open() }, title);
  const side = /left|right/.exec(data.position) ?? ""; // else where a line ends
  const root = make("div", { class: `root ${side}${embedded ? " embed" : ""}` }, !embedded && launcher, panel, said);
  shadow.append(root);
  // The page's shortcuts would take what is typed.
  for (const name of ["keydown", "keypress", "keyup"]) root.addEventListener(name, (event) => event.stopPropagation());

  if (/^(light|dark)$/.test(data.theme)) root.style.colorScheme = data.theme;
  if (CSS.supports("color", data.color)) host.style.setProperty("--accent", data.color);
  // Black or white, by WCAG's luminance.
  function applyContrast() {
    const pen = make("canvas").getContext("2d");
    pen.fillStyle = getComputedStyle(send).backgroundColor;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => (part / 255) ** 2.2);
    host.style.setProperty("--on", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#111" : "#fff");
  }

  // ---- Marking a sentence in the page
  const marks = CSS.highlights;
  const markSheet = new CSSStyleSheet();
  markSheet.replaceSync(`
    ::highlight(pullquote) { background-color: var(--pullquote-mark, #ffe58a); color: #16181d }
    ::highlight(pullquote-words) { background-color: var(--pullquote-words, #ffc247); color: #16181d }
    @media (forced-colors: active) {
      ::highlight(pullquote) { background-color: Highlight; color: HighlightText }
      ::highlight(pullquote-words) { background-color: Highlight; color: HighlightText; text-decoration: underline 2px }
    }`);

  function clear() {
    marks?.delete("pullquote");
    marks?.delete("pullquote-words");
  }

  function mark({ sentence, words }) {
    clear();
    const selected = sentence.cloneRange();
    if (marks) {
      selected.collapse(true);
      if (!document.adoptedStyleSheets.includes(markSheet)) document.adoptedStyleSheets.push(markSheet);
      const put = (name, range, priority) => marks.set(name, Object.assign(new Highlight(range), { priority }));
      put("pullquote", sentence, 0);
      if (words) put("pullquote-words", words, 1);
    }
    // Tabbing goes on from here; without highlights this is the mark.
    getSelection().removeAllRanges();
    getSelection().addRange(selected);
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    sentence.startContainer.parentElement.scrollIntoView({ block: "nearest", behavior: "instant" });
    const at = sentence.getBoundingClientRect();
    const shown = panel.getBoundingClientRect();
    const beside = panel.hidden || at.right <= shown.left || at.left >= shown.right;
    const top = beside ? (innerHeight - at.height) / 2 : Math.min(innerHeight * 0.1, 80);
    scrollBy({ top: at.top - Math.max(8, top), behavior });
  }

  // ---- Opening and closing
  let returnTo = null; // had the focus before
  let pressed = null; // the citation that Escape goes back to

  const emit = (name, detail) => document.dispatchEvent(new CustomEvent(`pullquote:${name}`, { detail }));

  function open(focus = true) {
    if (!panel.hidden) return focus && box.focus();
    returnTo = document.activeElement;
    panel.hidden = false;
    launcher.hidden = true;
    if (focus) box.focus({ preventScroll: true });
    load();
    emit("open");
  }

  function close() {
    if (panel.hidden || embedded) return;
    panel.hidden = true;
    launcher.hidden = false;
    pressed = null;
    clear();
    (returnTo?.isConnected && ![document.body, host].includes(returnTo) ? returnTo : launcher).focus({ preventScroll: true });
    emit("close");
  }

  // A phone's keyboard would cover the answer.
  const leave = ({ detail: isTap }) => (isTap ? log : box).focus({ preventScroll: true });

  function onEscape(event) {
    if (event.key === "Escape" && !event.isComposing) close();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || !pressed || document.activeElement !== document.body) return;
    const back = pressed;
    pressed = null;
    clear();
    open(false);
    back.focus();
  });

  function onKey(event) {
    // Enter may end a composition (IME); Safari says 229.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) onSubmit(event);
  }

  function onInput() {
    long.hidden = [...box.value].length <= MAX_QUESTION;
  }

  function onSubmit(event) {
    event.preventDefault();
    onInput();
    const question = box.value.trim();
    if (!question || !long.hidden || pending) return box.focus();
    box.value = "";
    ask(question).catch(() => {});
  }

  // ---- Asking
  const turns = []; // each a request and its answer
  let pending = null; // stops what is being answered
  const say = (text) => (said.textContent = text);

  async function ask(question) {
    question = String(question).trim();
    if (pending) throw new Error("A question is being answered.");
    if (!question || [...question].length > MAX_QUESTION) throw new Error(t.long.replace("{}", MAX_QUESTION));
    open(false);
    const stop = (pending = new AbortController());
    log.querySelector(".intro")?.remove();
    const head = make("p", { class: "asked" }, question);
    const body = make("div", {}, make("p", {}, t.searching));
    log.append(head, body);
    const toHead = () => (log.scrollTop = head.offsetTop - log.offsetTop - 8);
    toHead();
    pages = null;
    say(t.searching);
    try {
      const request = requestFor(question);
      const answer = await fetchAnswer(request, body, stop);
      // An answer does not wait for the second file for ever.
      await Promise.race([load(), new Promise((go) => setTimeout(go, 9000))]);
      if (pending !== stop) throw new Error(t.broken);
      const turn = { request, answer };
      turns.push(turn);
      body.replaceChildren(...render(turn));
      if (equipped) panel.insertBefore(equipped.bar, form);
      toHead();
      say(`${t.quotes}: ${answer.citations.length}. ${answer.answer.map(told).join(" ")}`);
      emit("answer", answer);
      return answer;
    } catch (error) {
      if (pending !== stop) throw error; // another conversation has begun
      const again = make("button", { type: "button", click: (event) => {
        if (pending) return;
        head.remove();
        body.remove();
        leave(event);
        ask(question).catch(() => {});
      } }, t.again);
      body.replaceChildren(make("div", { class: "error" }, error.message, again));
      say(error.message);
      throw error;
    } finally {
      if (pending === stop) pending = null;
    }
  }

  // A new conversation.
  function fresh() {
    pending?.abort();
    pending = null;
    turns.length = 0;
    clear();
    equipped?.bar.remove();
    log.replaceChildren(intro());
    say("");
    box.focus();
  }

  function requestFor(question) {
    const history = turns.slice(-6).map(({ request }) => ({ role: "user", text: request.question }));
    const request = { question, history };
    if (data.scope === "page") request.url = here();
    for (const name of ["since", "until", "section", "source"]) {
      if (data[name]) (request.filters ??= {})[name] = data[name];
    }
    return request;
  }

  async function fetchAnswer(request, body, stop) {
    let failure = t.offline;
    let silence; // a long answer may take its time, but not say nothing for a minute
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => stop.abort(), 60000);
    };
    heard();
    try {
      const response = await fetch(`${server}api/ask/stream`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(request),
        credentials: "omit",
        signal: stop.signal,
      });
      if (!response.ok) throw (failure = (await response.json()).error.message);
      failure = t.broken;
      const parts = [];
      let written = false;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        heard();
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          const { error, answer, citation, origin, delta } = JSON.parse(event.split("\ndata: ")[1] ?? "{}");
          if (error) failure = error.message;
          if (answer) return answer;
          if (origin) written = origin === "written";
          if (written && delta) parts.push(make("p", { dir: "auto" }, delta.text));
          else if (!written && citation) parts.push(quote(citation));
          else continue;
          body.replaceChildren(...parts);
        }
      }
    } catch {} // told below
    throw new Error(failure);
  }

  // A message in the reader's language; in English what the server says.
  const told = ({ message, text, values = {} }) => t.messages?.[message]?.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) ?? text;

  // ---- Drawing an answer
  const sourceOf = ({ document_title, published }, ...more) => [document_title, published, ...more].filter(Boolean).join(", ");
  const sourcesOf = ({ articles = [] }) => articles.map((article) => sourceOf(article)).join("; ");
  const marksOf = ({ citations }) => citations.map((number) => `[${number}]`).join("");

  function render(turn) {
    const { answer } = turn;
    const { understood_as: understood, citations: cited } = answer;
    const behind = new Set(cited.map(({ number }) => number));
    const parts = answer.answer.flatMap((block) => {
      const { text, citations, origin } = block;
      if (!citations.length) return make("p", { dir: "auto" }, told(block));
      if (origin === "written") {
        const names = sourcesOf(block);
        return make("p", { dir: "auto" }, text, make("sup", {}, marksOf(block)), names && make("span", { class: "made small" }, `— ${names}`));
      }
      return citations.map((number) => behind.delete(number) && quote(cited[number - 1]));
    });
    const last = answer.answer.findLastIndex(({ citations }) => citations.length) + 1;
    if (answer.index.writer && behind.size) {
      const quotes = [...behind].map((number) => quote(cited[number - 1]));
      parts.splice(last, 0, make("p", { class: "small" }, t.written), ...quotes);
    }
    if (understood) {
      const change = () => {
        box.value = understood;
        box.focus();
      };
      const button = make("button", { type: "button", click: change }, t.change);
      parts.unshift(make("p", { class: "small" }, `${t.understood} ${understood} `, button));
    }
    const { unknown_words: words = [], contact } = answer.help ?? {};
    for (const hint of [words.length && `${t.unknown} ${words.join(", ")}`, contact]) {
      hint && parts.push(make("p", { class: "small", dir: "auto" }, hint));
    }
    if (answer.closest.length) {
      parts.push(make("details", {}, make("summary", {}, t.closest), ...answer.closest.map(quote)));
    }
    const file = new Blob([JSON.stringify({ ...answer, saved: new Date().toISOString() }, null, 1)]);
    const save = { class: "go", href: URL.createObjectURL(file), download: "answer.json" };
    const saving = make("a", save, t.save);
    return [...parts, equipped ? equipped.tools(turn, saving) : saving, ...(answer.suggestions ?? []).map(suggest)];
  }

  const suggest = (text) =>
    text.trim() && make("button", { class: "suggest", type: "button", click: (event) => {
      leave(event);
      ask(text).catch(() => {});
    } }, text.trim());

  function quote(citation) {
    // Offsets are code points.
    const chars = [...citation.cited_text];
    const first = citation.start_char_index;
    const cut = (from, to) => chars.slice(from - first, to - first).join("");
    const span = citation.answer_span ?? { start_char_index: first, end_char_index: first };
    const words = cut(span.start_char_index, span.end_char_index);
    const around = [...(citation.context?.text ?? chars)];
    const start = first - (citation.context?.start_char_index ?? first);
    const before = around.slice(0, start).join("");
    const after = around.slice(start + chars.length).join("");
    const { published, updated, also_in } = citation;
    const also = also_in?.slice(0, 3).flatMap(({ url, document_title: name }, n) =>
      [n ? ", " : `\n${t.also} `, link({ ...citation, url }, name) ?? name]) ?? [];
    return make(
      "blockquote",
      { part: "quote" },
      make(
        "p",
        { lang: "en", dir: "auto" },
        before.trim() && make("span", { class: "aside" }, before),
        cut(first, span.start_char_index),
        words && make("b", {}, words),
        cut(span.end_char_index, first + chars.length),
        make("sup", {}, `[${citation.number}]`),
        after.trim() && make("span", { class: "aside" }, after),
      ),
      make("footer", {}, `— ${sourceOf(citation, updated > (published ?? "") && `${t.updated} ${updated}`)}`, ...also, also_in?.[3] && " …"),
      way(citation),
    );
  }

  // An answer as a person would write it down: whole quotes, each with its article.
  function asText({ request, answer }) {
    const lines = [request.question];
    if (answer.understood_as) lines.push(`(${answer.understood_as})`);
    lines.push("");
    const left = new Set(answer.citations);
    const put = (citation) => {
      left.delete(citation);
      lines.push(`[${citation.number}] ${citation.cited_text}`, `    — ${sourceOf(citation, citation.url)}`);
    };
    for (const block of answer.answer) {
      if (block.origin === "written") {
        lines.push(`${block.text} ${marksOf(block)}`);
        if (block.articles) lines.push(`    — ${sourcesOf(block)}`);
      } else if (!block.citations.length) lines.push(told(block));
      else for (const number of block.citations) put(answer.citations[number - 1]);
    }
    left.forEach(put);
    return lines.join("\n");
  }

  const all = () => `${title}\n${location.href}\n\n${turns.map(asText).join("\n\n\n")}\n`;

  const named = (text, { number }) => ({ class: "go", part: "citation", "aria-label": `${text} (${t.quote} ${number})` });
  const away = (citation) => link(citation, t.open, named(t.open, citation));

  function way(citation) {
    if (!isHere(citation)) return away(citation);
    return make("button", { ...named(t.show, citation), type: "button", click: (event) => show(citation, event.currentTarget) }, t.show);
  }

  function show(citation, button) {
    pages = null;
    const place = locate(citation, isOwn(citation));
    button.nextSibling?.remove();
    if (!place) {
      // The site may show another page by now.
      button.after(make("p", { class: "small" }, t.gone, " ", away(citation)));
      say(t.gone);
      return;
    }
    pressed = button;
    if (innerWidth <= 520) {
      panel.hidden = true;
      launcher.hidden = false;
    }
    button.blur();
    mark(place);
    say(t.marked);
  }

  function intro() {
    const suggestions = data.suggestions?.split("|") ?? [];
    return make("div", { class: "intro" }, make("p", {}, t.intro), ...suggestions.map(suggest));
  }

  const stay = () => host.isConnected || document.body?.append(host);

  function begin() {
    stay();
    here(); // notes the first addresses
    // A site may replace its body. Not at once: what it takes out again and again would hold up the page.
    new MutationObserver(() => host.isConnected || requestAnimationFrame(stay)).observe(document, { childList: true, subtree: true });
    applyContrast();
    log.append(intro());
    if (embedded || "open" in data) open(false);
  }

  window.Pullquote = { open: () => open(), close, ask };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
