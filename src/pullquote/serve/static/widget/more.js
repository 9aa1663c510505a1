// What Pullquote's panel loads when it is opened: it finds sentences in the page, and has a reader's tools.
const ENGLISH = {
  fresh: "New conversation", copy: "Copy as text", text: "Save as text", copied: "Copied.",
  uncopied: "This could not be copied.",
  good: "Good answer", bad: "Bad answer", wrong: "What is wrong? (optional)", tell: "Send",
  thanks: "Thank you. This was kept.", kept: "This could not be kept.",
};

// ---- Reading the page
// Of characters that look alike one; what cannot be seen is left out.
const SAME = [[/\p{DI}/u, ""], [/\s/, " "], [/[‘-‛ʼ`´′]/, "'"], [/[“-‟«»″]/, '"'], [/[‐-―−]/, "-"], [/…/, "..."], [/⁄/, "/"]];
// Read as the digits that they show: " 1/2" and "2".
const PARTS = /[¼-¾⅐-⅞↉₀-₎]/;
const known = new Map();
function fold(char) {
  if (!known.has(char)) known.set(char, SAME.find(([kinds]) => kinds.test(char))?.[1] ??
    (PARTS.test(char) ? folded(char.normalize("NFKD").replace(/^(?=.+⁄)/, " ")) : char.normalize("NFD")));
  return known.get(char);
}
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ";
const raise = (text) => text.replace(/./g, (char) => RAISED["0123456789+-=()n".indexOf(char)] ?? char);

// In what was read: around what an index leaves out, for the quotes of <q>, at a cell's edges.
const [OPEN, SHUT, MARK, CELL] = "\uE000\uE001\uE002\uE003";
// Raised, and no power: "3¹/₂".
const NUMERATOR = new RegExp(`(?<!\\p{L})${OPEN}?([⁰¹²³⁴-⁹]+)${SHUT}?(?= ?/ ?\\d)`, "gu");
const numerator = (all, digits) => ` ${digits.replace(/./g, (char) => RAISED.indexOf(char))}`;
const folded = (text) => [...text].map(fold).join("").replace(NUMERATOR, numerator);
const NOTE = /^[\s([]*(\d{1,3}|[a-z]|[*†‡§¶#]+)[\s,)\]]*$/i;

function isLeftOut(node, style, before) {
  if (/^(RT|RP|DEL|S|STRIKE)$/.test(node.tagName)) return true;
  if (style.position === "absolute" && node.offsetWidth <= 1) return true;
  // A note and no power: "10⁶". Behind a year it is a note.
  const isNote = node.tagName === "SUP" && NOTE.test(node.textContent);
  return isNote && (!/\d$/.test(before) || /(^|\D)(1[5-9]|20)\d\d$/.test(before) || !!node.querySelector("a"));
}

// A formula as an index writes it, "E=mc²" or "(a+b)/2"; nothing if it takes several lines.
function written(node) {
  const kind = node.tagName;
  if (/^m([inos]|text)$/.test(kind)) return folded(kind === "mtext" ? node.textContent : node.textContent.trim());
  const parts = [...node.children].filter(({ tagName }) => !/^(an|mspace|mph)/.test(tagName)).map(written);
  if (!/^(math|mrow|ms|mpad|mfrac|sem)/.test(kind) || parts.includes(undefined)) return;
  const grouped = (text) => (/^([\d.,]*|[\p{L}\p{N}])$/u.test(text) ? text : `(${text})`);
  if (kind === "mfrac") return parts.map(grouped).join("/");
  const shift = (n, sign, plain, made) => {
    if (/[\p{L}\p{N}]/u.test(parts[n])) parts[n] = plain.test(parts[n]) ? made(parts[n]) : sign + grouped(parts[n]);
  };
  if (/sup$/.test(kind)) shift(parts.length - 1, "^", /^[-+=()\dn]+$/, raise);
  if (/^msub/.test(kind)) shift(1, "_", /^[-+=()\d]+$/, String);
  const whole = folded(parts.join("\u2063").replace(/(\d)\u2063(?=\d)/g, "$1 "));
  return kind === "msqrt" ? `√${grouped(whole)}` : whole;
}

// An element's folded text, a block by line, and where each character came from.
function read(root, host) {
  const chars = [];
  const from = [];
  let left = 0;
  let raised = false;
  function put(char, ...place) {
    const last = chars.at(-1) ?? "\n";
    if (char === "\n" && last === " ") chars[chars.length - 1] = char;
    if (/\s/.test(char) && /\s/.test(last)) return;
    chars.push(char);
    from.push(place);
  }
  const puts = (text, ...place) => text.split("").forEach((char) => put(char, ...place));
  function walk(node) {
    let offset = 0;
    for (const char of node.nodeType === Node.TEXT_NODE ? node.data : "") {
      puts(raised ? raise(fold(char)) : fold(char), node, offset, offset + char.length);
      offset += char.length;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node === host) return;
    const size = node.childNodes.length;
    const math = /^(math|SPAN|NOBR|MJX-.+)$/.test(node.tagName) && (node.closest("math") ?? node.querySelector("math"));
    // What is seen of a formula may be a copy of it.
    if (math && (math === node || [...node.childNodes].every((child) => child.contains(math) || child.ariaHidden || !child.textContent.trim()))) {
      return puts(written(math) ?? "", node, 0, size);
    }
    const style = getComputedStyle(node);
    if (style.display === "none") return;
    const was = raised;
    raised ||= (node.tagName === "SUP" || node.nextSibling?.data?.[0] === "⁄") && /^([-+]?\d+|n)$/.test(folded(node.textContent).trim());
    const out = !left && isLeftOut(node, style, chars.slice(-5).join(""));
    // A drop cap floats.
    const inline = /^(inline|contents|ruby)/.test(style.display) || (style.float !== "none" && node.textContent.length < 3);
    const edge = { Q: MARK, TD: CELL, TH: CELL, BR: " " }[node.tagName] ?? (inline ? "" : "\n");
    if (out) put(OPEN, node, 0, 0);
    if (edge && !out) put(edge, node, 0, 0);
    left += out;
    node.childNodes.forEach(walk);
    left -= out;
    if (edge && !out) put(edge, node, size, size);
    if (out) put(SHUT, node, size, size);
    raised = was;
  }
  walk(root);
  for (const { 0: all, 1: digits, index } of [...chars.join("").matchAll(NUMERATOR)].reverse()) {
    const plain = numerator(all, digits);
    chars.splice(index, all.length, ...plain);
    from.splice(index, all.length, ...Array(plain.length).fill(from[index + all.indexOf(digits)]));
  }
  return { text: chars.join(""), from };
}

// The same with what an index may have left out as part of the text.
function whole({ text, from }) {
  const kept = from.map((_, n) => n).filter((n) => text[n] !== OPEN && text[n] !== SHUT);
  return { text: kept.map((n) => text[n]).join(""), from: kept.map((n) => from[n]) };
}

function range({ from }, [start, end]) {
  const range = document.createRange();
  range.setStart(from[start][0], from[start][1]);
  range.setEnd(from[end - 1][0], from[end - 1][2]);
  return range;
}

// ---- Finding a sentence
const NUMBER = "\\[\\d{1,3}\\]";
const HIDDEN = `${OPEN}[^${SHUT}]*${SHUT}|${MARK}`;
const LEFT = `${HIDDEN}|${NUMBER}`;
const TOKEN = /\p{Nd}+(?:[.,:]\p{Nd}+)+|(?:[^\P{L}ⁿ]|[\p{M}\p{Nd}])+(?:'\p{L}+)*|\s+|./gsu;
const WIDE = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u;
const isWord = (text) => /^[\p{L}\p{M}\p{Nd}]/u.test(text) && !WIDE.test(text);

function source(token) {
  if (token === '"' || token === "'") return `[${token}${MARK}]`;
  if (RAISED.includes(token)) return `${OPEN}?${token}${SHUT}?`;
  return token.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

// A sentence as a pattern: its words in order, whatever a page does to spaces, quotes, notes and ruby.
// Of the three parts the second are the answering words; each is a group.
function pattern(parts) {
  // A sentence's own notes are in the page as they are: nothing may be matched in two ways.
  const left = new RegExp(NUMBER).test(parts.join("")) ? HIDDEN : LEFT;
  const gaps = `(?:[\\s|${CELL}]|${left})*`;
  const space = `(?:${left})*[\\s|${CELL}]${gaps}`;
  let last = "";
  let spaced = false;
  const sources = parts.map((part) => {
    let [lead, made] = ["", ""];
    for (const [token] of folded(part).matchAll(TOKEN)) {
      for (const piece of WIDE.test(token) ? token : [token]) {
        // A bar parts cells, as their edges do.
        if (!piece.trim() || piece === "|") {
          spaced = true;
          continue;
        }
        const gap = !last ? "" : spaced && isWord(last) && isWord(piece) ? space : gaps;
        if (made) made += gap;
        else lead = gap;
        made += source(piece);
        last = piece;
        spaced = false;
      }
    }
    return `${lead}(${made})`;
  });
  return last && new RegExp(sources.join(""), "dgu");
}

const NOTES = new RegExp(LEFT, "g");
const key = (text) => folded(text).replace(NOTES, "").replace(/[^\p{L}\p{M}\p{N}]/gu, "");
const backwards = (text) => [...text].reverse().join("");

function common(first, second) {
  let n = 0;
  while (n < first.length && first[n] === second[n]) n += 1;
  return n;
}

const TAIL = new RegExp(`(?:[\\s"'(${CELL}]|${LEFT})*$`);
const HEAD = new RegExp(`^(?:[ "')]|${LEFT})*(?:[\\n${CELL}]|$)`);
const STOP = new RegExp(`[.!?:;](?:["'\\])]|${LEFT})*$`);
const WIDE_STOP = /[。！？]["'」』）]*$/;
const EMOJI = /(?![©®™])\p{ExtPict}$/u;
// "left.The": a stop without its space, and neither "3.5" nor "U.S.".
const touches = (first, second) =>
  /[\p{Ll}\p{M}"')][.!?]["'\])]*$/u.test(first) && /^["'(]*(?:\p{Lu}|\p{Lo})/u.test(second);

function begins(before, sentence) {
  const [tail] = TAIL.exec(before);
  const head = before.slice(0, before.length - tail.length);
  if (!head || tail.includes("\n") || tail.includes(CELL) || WIDE_STOP.test(head)) return true;
  if (EMOJI.test(head)) return !/^\p{Ll}/u.test(sentence);
  return /[.!?:;]["')\]]*$/.test(head) && (/[^"'(]/.test(tail) || touches(head, sentence));
}

function ends(sentence, after) {
  if (HEAD.test(after) || WIDE_STOP.test(sentence) || EMOJI.test(sentence)) return true;
  return STOP.test(sentence) && (!/^[\p{L}\p{M}\p{N}]/u.test(after) || /\]$/.test(sentence) || touches(sentence, after));
}

function isSeen({ startContainer: { parentElement } }) {
  const kinds = { opacityProperty: true, visibilityProperty: true };
  return parentElement.checkVisibility(kinds) && parentElement.getBoundingClientRect().width > 1;
}

// Where the sentence stands in one reading, the place first that prefix and suffix fit best.
function places(page, wanted, { exact, prefix, suffix }, sure) {
  const sides = [backwards(key(prefix)), key(suffix)];
  const found = [];
  for (const { indices } of page.text.matchAll(wanted)) {
    const [at, end] = indices[0];
    const [ahead, sentence, behind] = [page.text.slice(Math.max(0, at - 600), at), page.text.slice(at, end), page.text.slice(end, end + 600)];
    const around = [backwards(key(ahead)), key(behind)];
    // Next to it, or behind what was put between.
    const fits = sides.map((side, n) => Math.max(common(side, around[n]), side.length > 7 && around[n].includes(side.slice(0, 12)) ? 4 : 0));
    const near = sides.map(({ length }, n) => length > 4 && fits[n] >= Math.min(length, 10));
    if (!(near[0] || begins(ahead, sentence)) || !(near[1] || ends(sentence, behind))) continue;
    // Over the edge of a block only where the neighbours are the right ones.
    if (sentence.includes("\n") && !exact.includes("\n") && !near[0] && !near[1]) continue;
    const place = { fit: fits[0] + fits[1], sentence: range(page, indices[0]) };
    if (indices[2][0] < indices[2][1]) place.words = range(page, indices[2]);
    if (isSeen(place.sentence)) found.push(place);
  }
  const isShort = [...exact].reduce((size, char) => size + 1 + WIDE.test(char), 0) < 12;
  if (sure && found.length === 1) return found;
  return found.filter(({ fit }) => !isShort || fit > 3).sort((one, other) => other.fit - one.fit);
}

// `pages`: `root` of each is an article, and the last the whole page; each is read once.
export function find(citation, pages, host, sure) {
  const chars = [...citation.cited_text];
  const [from, to] = ["start_char_index", "end_char_index"].map((name) => (citation.answer_span?.[name] ?? citation.end_char_index) - citation.start_char_index);
  const wanted = pattern([chars.slice(0, from), chars.slice(from, to), chars.slice(to)].map((part) => part.join("")));
  if (!wanted) return null;
  let best = null;
  for (const page of pages) {
    if (best && page === pages.at(-1)) break;
    page.readings ??= [read(page.root, host)];
    for (const reading of [() => page.readings[0], () => (page.readings[1] ??= whole(page.readings[0]))]) {
      const [first] = places(reading(), wanted, citation.selector, sure);
      if (first && (!best || first.fit > best.fit)) best = first;
      if (first) break;
    }
  }
  return best;
}

// ---- The reader's tools
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  .tools, .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; font-size: .875em }
  .tools .go { margin: 0 auto 0 0; font-size: 1em }
  .bar { padding: 2px 8px; border-block-start: 1px solid var(--line) }
  .bar button { border: 0; padding: 4px 8px; color: var(--soft) }
  .bar button:hover, .tools button:hover { color: var(--ink) }
  .thumb { padding: 8px; border: 0; text-align: center; color: var(--soft) }
  .thumb svg { display: block; margin: auto; fill: none; stroke: currentColor; stroke-width: 1.8 }
  .thumb[aria-pressed=true] { color: var(--ink) }
  .thumb[aria-pressed=true] svg { fill: currentColor }
  .down svg { transform: rotate(180deg) }
  .comment { flex: 1 0 100%; padding: 8px 0; border: 0 }
  .told { flex: 1 0 100%; margin: 0 }`);

function icon() {
  const draw = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const svg = draw("svg", { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": true });
  svg.append(draw("path", { d: "M7 10v11H3V10zm3 0 4-8c1.5 0 2.7 1.3 2.7 2.8L16 9h4.3a2 2 0 0 1 2 2.3l-1.3 8a2 2 0 0 1-2 1.700H10z" }));
  return svg;
}

// What the panel gets: `bar` for the conversation, `tools` for an answer.
export function equip(widget) {
  const { make, say, server, shadow, all } = widget;
  const t = { ...ENGLISH, ...widget.t };
  shadow.adoptedStyleSheets.push(sheet);
  let conversation;
  let turn = 0;
  let generation = 0; // of the conversation
  let last = Promise.resolve();

  const button = (text, click) => make("button", { type: "button", click }, text);
  const copy = async () => {
    await navigator.clipboard.writeText(all()).then(() => say(t.copied), () => say(t.uncopied));
  };
  const save = () => {
    const href = URL.createObjectURL(new Blob([all()], { type: "text/plain" }));
    make("a", { href, download: "answers.txt" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  };
  const fresh = () => {
    conversation = undefined;
    turn = 0;
    generation += 1;
    widget.fresh();
  };
  const bar = make("div", { class: "bar" }, button(t.fresh, fresh), navigator.clipboard && button(t.copy, copy), button(t.text, save));

  // One after the other: the first is answered with the conversation's id.
  function judge(request, number, verdict, comment) {
    const mine = generation;
    last = last.catch(() => {}).then(async () => {
      const body = { ...request, verdict, turn: number, ...(conversation && { conversation }), ...(comment && { comment }) };
      const response = await fetch(`${server}api/feedback`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), credentials: "omit",
      }).catch(() => null);
      const told = await response?.json().catch(() => null);
      if (!response?.ok || !told) throw new Error(told?.error?.message ?? t.offline);
      if (mine === generation) conversation = told.conversation;
    });
    return last;
  }

  function tools({ request }, saving) {
    const number = turn++;
    let kept = "none"; // the verdict that the server has
    const told = make("p", { class: "told", hidden: true });
    const tell = (text) => {
      told.hidden = false;
      say((told.textContent = text));
    };
    const box = make("textarea", { rows: 2, maxlength: 500, "aria-label": t.wrong, placeholder: t.wrong });
    const comment = make("form", { class: "comment", hidden: true, submit: async (event) => {
      event.preventDefault();
      if (!(await send("down", box.value.trim()))) return;
      if (comment.contains(shadow.activeElement)) thumbs[1].focus();
      comment.hidden = true;
    } }, box, make("button", { type: "submit" }, t.tell));
    const thumbs = [["up", t.good], ["down", t.bad]].map(([verdict, name]) => make("button", {
      type: "button", class: `thumb ${verdict}`, "aria-pressed": "false", "aria-label": name, title: name,
      click: ({ currentTarget: pressed }) => {
        const given = pressed.getAttribute("aria-pressed") === "true" ? "none" : verdict;
        press(given);
        comment.hidden = given !== "down";
        send(given);
      },
    }, icon()));
    function press(verdict) {
      for (const thumb of thumbs) thumb.setAttribute("aria-pressed", thumb.classList.contains(verdict));
    }
    async function send(verdict, text) {
      try {
        await judge(request, number, verdict, text);
        kept = verdict;
        tell(verdict === "none" ? "" : t.thanks);
        return true;
      } catch (error) {
        if (!text) press(kept);
        tell(`${t.kept} ${error.message}`);
      }
    }
    return make("div", { class: "tools" }, saving, ...thumbs, comment, told);
  }
  return { bar, tools };
}
