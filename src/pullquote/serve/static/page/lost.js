// When the server cannot be reached: says so in the page's own words, and keeps what was typed.
(() => {
  "use strict";
  const KEY = "pq-typed";
  const LOST =
    "The server cannot be reached. What you typed stays in the box, and this page goes on by itself " +
    "as soon as the server is back.";

  const box = () => document.querySelector("#pq-question textarea");
  let isLost = false;

  // Gradio tries again every two seconds, and reloads the page when the server answers.
  function tell() {
    isLost = true;
    document.body.dataset.pqLost = "";
    const told = pq.make("p", { className: "pq-status pq-error" }, LOST);
    told.setAttribute("role", "alert");
    document.getElementById("pq-status").before(told);
  }

  addEventListener("pagehide", () => {
    if (!isLost || !box()?.value) return;
    try {
      sessionStorage.setItem(KEY, box().value);
    } catch {}
  });

  function typed() {
    try {
      const text = sessionStorage.getItem(KEY) ?? "";
      sessionStorage.removeItem(KEY);
      return text;
    } catch {
      return ""; // a browser may forbid storage
    }
  }

  let isRestored = false;
  new MutationObserver(() => {
    if (!isLost && /connection/i.test(document.querySelector(".toast-body")?.textContent)) tell();
    if (isRestored || !box()) return;
    isRestored = true;
    const text = typed();
    if (!text) return;
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
