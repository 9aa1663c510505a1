// The page that shows how to put the panel on a site.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const base = new URL(".", location.href).href;
  const DEFAULTS = { title: "", suggestions: "", color: "#1f5fae", theme: "auto", position: "right", lang: "", scope: "site", section: "", source: "", since: "", until: "" };

  function chosen() {
    return Object.entries(DEFAULTS)
      .map(([name, usual]) => [name, byId(name).value.trim(), usual])
      .filter(([, value, usual]) => value && value !== usual)
      .map(([name, value]) => [name, value]);
  }

  const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

  function frameAddress() {
    const inFrame = chosen().filter(([name]) => name !== "position" && name !== "scope");
    const query = new URLSearchParams(inFrame).toString();
    return `${base}embed${query ? `?${query}` : ""}`;
  }

  function write() {
    const attributes = chosen().map(([name, value]) => ` data-${name}="${quoted(value)}"`).join("");
    byId("script").textContent = `<script src="${base}widget.js"${attributes} defer></script>`;
    const name = byId("title").value.trim() || "Ask the articles";
    byId("frame").textContent =
      `<iframe src="${quoted(frameAddress())}" title="${quoted(name)}" width="400" height="620"></iframe>`;
    byId("policy").textContent =
      `script-src ${location.origin}; connect-src ${location.origin}; frame-src ${location.origin}`;
  }

  let timer = 0;
  function preview(delay) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const address = frameAddress();
      if (byId("preview").src !== address) byId("preview").src = address;
    }, delay);
  }

  byId("look").addEventListener("input", () => {
    write();
    preview(400);
  });
  byId("look").addEventListener("submit", (event) => event.preventDefault());

  byId("check").addEventListener("submit", async (event) => {
    event.preventDefault();
    const address = byId("address").value.trim();
    const verdict = byId("verdict");
    if (!address) return;
    const tell = (text, kind) => {
      verdict.textContent = text;
      verdict.className = kind;
    };
    try {
      const response = await fetch(`${base}api/origin?${new URLSearchParams({ address })}`);
      const body = await response.json();
      if (!response.ok) tell(body.error.message, "no");
      else if (body.allowed) tell(`Yes: pages of ${body.origin} may ask here.`, "yes");
      else tell(`No: ${body.reason}`, "no");
    } catch {
      tell("The server cannot be reached.", "no");
    }
  });

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const code = byId(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(code.textContent);
        byId("copied").textContent = "Copied.";
      } catch {
        // Without https there is no clipboard: then a person copies what is selected.
        getSelection().selectAllChildren(code);
        byId("copied").textContent = "Selected: copy it with your keyboard.";
      }
    });
  }

  write();
  preview(0);
})();
