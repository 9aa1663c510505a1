// Adding articles and removing added ones; only shown to visitors who may do this.
(() => {
  "use strict";
  const { make } = pq;

  let token = "";
  let added = new Set();
  let isAsked = false; // whether the server was asked if this visitor may add articles
  let isBusy = false;
  let wasEmpty = false; // whether there was no article when the list was last drawn

  const post = (path, body, headers = {}) =>
    pq.request(`api/added/${path}`, {
      method: "POST",
      headers: { "X-Pullquote-Token": token, ...headers },
      body,
    });

  const asJson = { "Content-Type": "application/json" };

  // Reads server-sent events up to the last one, which says what was done.
  async function ended(response, told) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read().catch(() => ({ done: true }));
      if (done) throw new Error("The connection has ended. Load this page again to see what was done.");
      text += value;
      const parts = text.split("\n\n");
      text = parts.pop();
      for (const part of parts) {
        const line = part.split("\n").find((one) => one.startsWith("data: "));
        if (!line) continue;
        const event = JSON.parse(line.slice(6));
        if (event.type === "error") throw new Error(event.error.message);
        if (event.type === "done") return event;
        told(event);
      }
    }
  }

  async function refresh() {
    const response = await pq.request("api/added", { headers: { "X-Pullquote-Token": token } });
    const state = await response.json();
    if (state.may === "add") [token, added] = [state.token, new Set(state.documents)];
    return state;
  }

  // The panel

  let count = 0;
  function field(label, element) {
    element.id = `pq-add-${(count += 1)}`;
    return [make("label", { htmlFor: element.id }, label), element];
  }

  const area = () => document.querySelector("#pq-list .pq-adding");
  const part = (name) => area().querySelector(name);

  function form(kind, button, ...fields) {
    const made = make(
      "form",
      { className: "pq-form", noValidate: true, hidden: kind !== "file" },
      ...fields,
      make("p", { className: "pq-wrong", id: `pq-wrong-${kind}` }),
      make("button", { type: "submit", className: "pq-button pq-primary" }, button),
    );
    made.dataset.kind = kind;
    made.querySelector(".pq-wrong").setAttribute("role", "alert");
    return made;
  }

  function wrong(made, message) {
    made.querySelector(".pq-wrong").textContent = message;
    const box = made.querySelector("textarea, input:not([name=title])");
    // An empty "aria-invalid" would mean that it is valid.
    box.setAttribute("aria-invalid", String(Boolean(message)));
    if (message) {
      box.setAttribute("aria-describedby", made.querySelector(".pq-wrong").id);
      box.focus();
    } else box.removeAttribute("aria-describedby");
  }

  function forms(state) {
    const kinds = [
      ["file", "File", [
        ...field("A text, Markdown, HTML, PDF, Word, EPUB or JSON file", make("input", { type: "file", name: "file", accept: state.kinds.join() })),
      ]],
      ["text", "Text", [
        ...field("Title", make("input", { type: "text", name: "title", maxLength: 500, autocomplete: "off" })),
        ...field("Text", make("textarea", { name: "text", rows: 6 })),
      ]],
      ["address", "Address", [
        ...field("Address of a page", make("input", { type: "url", name: "url", placeholder: "https://", autocomplete: "off", inputMode: "url" })),
      ]],
    ];
    const group = make("div", { className: "pq-kinds" });
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "What to add");
    for (const [kind, name] of kinds) {
      const button = make("button", { type: "button", value: kind }, name);
      button.setAttribute("aria-pressed", String(kind === "file"));
      group.append(button);
    }
    return [group, ...kinds.map(([kind, , fields]) => form(kind, "Add", ...fields))];
  }

  function draw(state) {
    const isOpen = part("details")?.open ?? false;
    const line = make("p", { className: "pq-line" });
    line.setAttribute("role", "status");
    const password = make("input", { type: "password", name: "password", autocomplete: "current-password" });
    const entering = form("password", "Go on", ...field("Password", password));
    entering.hidden = false;
    area().replaceChildren(
      make(
        "details",
        { className: "pq-add", open: isOpen },
        make("summary", { className: "pq-button" }, "Add an article"),
        ...(state.may === "add" ? forms(state) : [entering]),
      ),
      make("progress", { hidden: true, max: 1, ariaLabel: "Adding the article" }),
      line,
    );
    area().dataset.most = state.max_bytes;
    area().hidden = false;
    document.body.dataset.pqAdds = "";
  }

  function told({ text, share }) {
    const bar = part("progress");
    bar.hidden = false;
    if (share === null || share === undefined) bar.removeAttribute("value");
    else bar.value = share;
    part(".pq-line").textContent = `${text} …`;
  }

  // One task at a time, as on the server.
  async function doing(work, failed) {
    if (isBusy) return;
    isBusy = true;
    area().setAttribute("aria-busy", "true");
    try {
      const { text, documents } = await ended(await work(), told);
      part(".pq-line").replaceChildren(
        text,
        ...(documents.length === 1
          ? [" ", make("button", { type: "button", className: "pq-open", value: documents[0] }, "Read it")]
          : []),
      );
      await refresh().catch(() => {});
      document.dispatchEvent(new CustomEvent("pq-listed"));
      return true;
    } catch (error) {
      part(".pq-line").textContent = "";
      failed(error.message);
    } finally {
      isBusy = false;
      area().removeAttribute("aria-busy");
      part("progress").hidden = true;
    }
  }

  function sent(made) {
    const { file, title, text, url } = made.elements;
    if (file) {
      const [one] = file.files;
      if (!one) throw new Error("Choose a file first.");
      const most = Number(area().dataset.most);
      if (one.size > most) throw new Error(`${one.name} has more than ${most / 1e6} MB: split it.`);
      return () => post(`file?${new URLSearchParams({ name: one.name })}`, one);
    }
    if (text) {
      if (!text.value.trim()) throw new Error("Paste the text of the article first.");
      return () => post("text", JSON.stringify({ title: title.value, text: text.value }), asJson);
    }
    if (!url.value.trim()) throw new Error("Type the address of the page first.");
    return () => post("address", JSON.stringify({ url: url.value }), asJson);
  }

  async function entered(made) {
    try {
      const response = await post("password", JSON.stringify({ password: made.elements.password.value }), asJson);
      ({ token } = await response.json());
      draw(await refresh());
      part(".pq-kinds button").focus();
      mark();
    } catch (error) {
      wrong(made, error.message);
    }
  }

  document.addEventListener("submit", async (event) => {
    const made = event.target.closest?.(".pq-form");
    if (!made) return;
    event.preventDefault();
    wrong(made, "");
    if (made.dataset.kind === "password") return entered(made);
    try {
      if (await doing(sent(made), (message) => wrong(made, message))) made.reset();
    } catch (error) {
      wrong(made, error.message);
    }
  });

  document.addEventListener("click", (event) => {
    const kind = event.target.closest?.(".pq-kinds button");
    if (!kind) return;
    for (const button of kind.parentElement.children) {
      button.setAttribute("aria-pressed", String(button === kind));
    }
    for (const one of area().querySelectorAll(".pq-form")) one.hidden = one.dataset.kind !== kind.value;
  });

  // Added articles can be removed; the same button asks once for confirmation.

  function mark() {
    for (const item of document.querySelectorAll("#pq-list [data-all] .pq-item")) {
      if (!added.has(item.value) || item.parentElement.matches(".pq-row")) continue;
      const title = item.querySelector("strong").textContent;
      const button = make("button", { type: "button", className: "pq-button pq-remove", value: item.value }, "Remove");
      button.setAttribute("aria-label", `Remove ${title}`);
      const row = make("div", { className: "pq-row" });
      item.replaceWith(row);
      row.append(item, button);
    }
  }

  function ask(button, isAsking) {
    button.classList.toggle("pq-sure", isAsking);
    const [before, after] = isAsking ? ["Remove", "Remove for good?"] : ["Remove for good?", "Remove"];
    button.textContent = after;
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace(before, after));
    if (isAsking) pq.say("Press again to remove it for good.");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".pq-remove");
    if (!button || isBusy) return;
    if (!button.matches(".pq-sure")) return ask(button, true);
    ask(button, false);
    doing(
      () => post("remove", JSON.stringify({ document_id: button.value }), asJson),
      (message) => (part(".pq-line").textContent = message),
    ).then((isDone) => isDone && document.getElementById("pq-search").focus());
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.(".pq-sure")) ask(event.target, false);
  });

  document.addEventListener("pq-drawn", async () => {
    if (!isAsked) {
      isAsked = true;
      try {
        const state = await refresh();
        if (state.may !== "nothing") draw(state);
      } catch {
        isAsked = false; // ask again with the next list
      }
    }
    mark();
    // Without any article, the form is opened.
    const isEmpty = document.body.hasAttribute("data-pq-empty");
    if (isEmpty && !wasEmpty && part("details")) part("details").open = true;
    wasEmpty = isEmpty;
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#pq-start [data-view]")) return;
    part("details").open = true;
    part("summary").focus();
  });
})();
