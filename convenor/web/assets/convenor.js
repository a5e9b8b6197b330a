/* What the pages do beyond HTML. Every page works without this file. No inline script, no eval. */
(() => {
  "use strict";
  const script = document.currentScript;

  document.body.classList.add("js-enabled", "govuk-frontend-supported");

  // govuk-frontend's behaviour (error summary, password field, character count...) is fetched only where a page uses it.
  if (document.querySelector("[data-module^='govuk-']")) {
    import(script.dataset.govuk).then((govuk) => govuk.initAll());
  }

  // "/" goes to the search, as in many programs; never while someone types.
  const typing = (place) => place.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    let field = [...document.querySelectorAll("[data-search]")].find((one) => (one.checkVisibility ? one.checkVisibility() : one.offsetParent !== null));
    if (!field) {
      const menu = document.querySelector("details.menu");
      if (menu) menu.open = true;
      field = menu && menu.querySelector("[data-search]");
    }
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  // Escape closes the phone's menu and gives the focus back.
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // What a phone keeps of a review's evidence is for one person: it leaves the phone when they sign out or another signs in, but
  // for what was never sent, which nobody sees until they are back. A page that does not know who reads it changes nothing.
  const { evidence, person } = script.dataset;
  const keeps = () => { try { return localStorage.getItem("convenor-evidence"); } catch { return null; } };
  if (keeps() && person !== undefined && !document.getElementById("evidence")) {
    import(evidence).then(async (store) => { await store.tidy(person); if (person) await store.check(person); }).catch(() => {});
  }
  document.addEventListener("submit", (event) => {
    if (!keeps() || !event.target.getAttribute("action")?.startsWith("/sign-out/")) return;
    event.preventDefault();
    const long = new Promise((give) => setTimeout(give, 2000));
    Promise.race([import(evidence).then((store) => store.tidy("")).catch(() => {}), long]).then(() => event.target.submit());
  });

  // What takes more than a moment says so while it is done.
  document.addEventListener("submit", (event) => event.target.querySelectorAll("[data-busy]").forEach((one) => { one.hidden = false; }));
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-busy]").forEach((one) => { one.hidden = true; }));

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) {
      event.preventDefault();
      window.print();
    }
  });

  // Drawings to be read folded out are unfolded before printing and folded again after.
  window.addEventListener("beforeprint", () => document.querySelectorAll("details.on-paper:not([open])").forEach((one) => { one.open = true; one.dataset.folded = "1"; }));
  window.addEventListener("afterprint", () => document.querySelectorAll("details.on-paper[data-folded]").forEach((one) => { one.open = false; delete one.dataset.folded; }));
})();
