// Shows the questions that went wrong in one way, or that hold certain words. What is shown stands
// in the address, so that it can be linked to.
(() => {
  "use strict";
  const kinds = [...document.querySelectorAll("a[data-show]")];
  const filter = document.querySelector(".filter");
  const box = filter.querySelector("input");
  const told = filter.querySelector("[role=status]");
  const rows = [...document.querySelectorAll(".question")].map((row) => ({
    row,
    kind: row.dataset.kind,
    words: [".asked", ".id", ".tags"]
      .map((part) => row.querySelector(part).textContent)
      .join(" ")
      .toLowerCase(),
  }));
  let show = "all";
  let waiting = 0;

  function address(kind) {
    const text = box.value.trim();
    return "#" + new URLSearchParams(text ? { show: kind, text } : { show: kind });
  }

  function apply() {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const question of rows) {
      const fits =
        (show === "all" || show === question.kind) &&
        words.every((word) => question.words.includes(word));
      question.row.hidden = !fits;
      shown += fits;
    }
    for (const link of kinds) {
      link.href = address(link.dataset.show);
      if (link.dataset.show === show) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    told.textContent = `${shown} of ${rows.length} questions shown`;
  }

  function reveal(row) {
    if (row.hidden) {
      show = "all";
      box.value = "";
      apply();
    }
    row.open = true;
    row.scrollIntoView();
    row.querySelector("summary").focus({ preventScroll: true });
  }

  function read() {
    const hash = location.hash.slice(1);
    const row = hash.startsWith("q-") && document.getElementById(hash);
    if (row) return reveal(row);
    const wanted = new URLSearchParams(hash);
    // Any other address is that of a part of the page.
    if (hash && !wanted.has("show") && !wanted.has("text")) return;
    const kind = wanted.get("show");
    show = kinds.some((link) => link.dataset.show === kind) ? kind : "all";
    box.value = wanted.get("text") ?? "";
    apply();
  }

  box.addEventListener("input", () => {
    apply();
    // Browsers refuse an address that changes with every key.
    clearTimeout(waiting);
    waiting = setTimeout(() => history.replaceState(null, "", address(show)), 300);
  });
  addEventListener("hashchange", () => {
    clearTimeout(waiting);
    read();
  });
  // A link to where the address is already: the row may have been closed or filtered since.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#q-"]');
    if (!link || link.getAttribute("href") !== location.hash) return;
    event.preventDefault();
    read();
  });

  filter.hidden = false;
  apply();
  read();
  // The browser goes to the address itself once all is loaded, and takes the focus along.
  addEventListener("load", () => location.hash.startsWith("#q-") && setTimeout(read));
})();
