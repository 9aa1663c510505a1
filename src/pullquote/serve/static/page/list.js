// The list of articles: can be searched; pressing an article opens it.
(() => {
  "use strict";
  const { make } = pq;
  const PAGE = 50;
  const NEW_DAYS = 7;

  let latest = 0; // the number of the last fetch; results of earlier ones are ignored
  let total = 0;
  let all = null; // the number of all articles, once it is known
  let hasFailed = false;

  const newest = new Date(Date.now() - NEW_DAYS * 86400000).toISOString().slice(0, 10);

  function row(article) {
    const { published, updated } = article;
    const told = [published, article.section, article.source, article.author].filter(Boolean);
    const badge = (text) => make("span", { className: "pq-badge" }, text);
    const isNew = published && published >= newest;
    const isUpdated = updated && updated >= newest && updated > (published ?? "");
    return make(
      "button",
      { type: "button", className: "pq-item", value: article.document_id },
      make("strong", { dir: "auto" }, article.document_title),
      ...(isNew ? [badge("New")] : isUpdated ? [badge("Updated")] : []),
      make("span", { className: "pq-about" }, told.join(" · ") || article.document_id),
    );
  }

  async function fetched(words, offset) {
    const query = new URLSearchParams({ limit: PAGE, offset, order: "newest" });
    if (words) query.set("words", words);
    return (await pq.request(`api/articles?${query}`)).json();
  }

  function group(title, rows) {
    return make("section", {}, make("h3", {}, title), ...rows);
  }

  // The articles that the last answer quotes.
  function cited() {
    return [...document.querySelectorAll("#pq-article article")]
      .filter((article) => article.querySelector("mark"))
      .map((article) => article.dataset.id);
  }

  const named = () =>
    document.querySelector("#pq-article mark.pq-near") ? "Closest to the question" : "In this answer";

  async function draw(more = false) {
    const list = document.querySelector("#pq-list .pq-items");
    const count = document.querySelector("#pq-list .pq-count");
    const words = document.getElementById("pq-search").value.trim();
    const shown = more ? list.querySelectorAll("[data-all] .pq-item").length : 0;
    const mine = (latest += 1);
    if (!more) list.setAttribute("aria-busy", "true");
    try {
      const body = await fetched(words, shown);
      if (mine !== latest) return;
      [total, hasFailed] = [body.total, false];
      const rows = body.articles.map(row);
      if (more) list.querySelector("[data-all]").append(...rows);
      else {
        const own = new Set(cited());
        const known = body.articles.filter((article) => own.has(article.document_id));
        const every = group("All articles", rows);
        every.dataset.all = "";
        if (words) every.querySelector("h3").remove();
        list.replaceChildren(
          ...(known.length && !words ? [group(named(), known.map(row))] : []),
          every,
        );
        list.scrollTop = 0;
      }
      const here = list.querySelectorAll("[data-all] .pq-item").length;
      const further = list.querySelector(".pq-further");
      // If the button had the focus, it moves to the first of the new articles.
      if (further && further === document.activeElement) {
        list.querySelectorAll("[data-all] .pq-item")[shown]?.focus();
      }
      further?.remove();
      if (here < total) {
        list.append(make("button", { type: "button", className: "pq-button pq-further" }, "More"));
      }
      const articles = `${total.toLocaleString("en")} article${total === 1 ? "" : "s"}`;
      count.textContent = words ? `${articles} found` : articles;
      if (!words) {
        all = total;
        document.body.toggleAttribute("data-pq-empty", !all);
      }
      if (all === 0) {
        list.replaceChildren();
        count.textContent = "There are no articles yet.";
      }
    } catch (error) {
      if (mine !== latest) return;
      count.textContent = `The list could not be fetched. ${error.message}`;
      if (more) return; // what is there stays, and "More" too
      hasFailed = true;
      // Before the first list the placeholders stay: the list comes when the models are loaded.
      if (!list.querySelector(".pq-skeleton")) list.replaceChildren();
    } finally {
      if (mine === latest) list.removeAttribute("aria-busy");
      document.dispatchEvent(new CustomEvent("pq-drawn"));
    }
  }

  document.addEventListener("pq-listed", () => draw());
  // While the models load there is no list. From then on, the server's state says how many articles
  // there are.
  pq.onState(({ articles }, isNew) => {
    const isOld = all !== null && (articles ?? all) !== all;
    if (isNew && (hasFailed || isOld)) draw();
  });

  let typing = 0;
  document.addEventListener("input", (event) => {
    if (event.target.id !== "pq-search") return;
    clearTimeout(typing);
    typing = setTimeout(draw, 200);
  });

  document.addEventListener("click", (event) => {
    const item = event.target.closest?.(".pq-item, .pq-open");
    if (item) {
      // What is in the panel itself is hidden by the article; one returns to the conversation.
      const detail = { article: item.value, from: item.closest("#pq-chat") && item };
      document.dispatchEvent(new CustomEvent("pq-open", { detail }));
    } else if (event.target.closest?.(".pq-further")) draw(true);
  });
})();
