/* Answering a consultation. A form with data-answer is saved at its own address a moment after each tap or word (X-Save: 1), and what is not
   saved yet stays in this tab alone (sessionStorage, by person and page): it comes back after a reload, a signing-in or a failed network.
   With data-answer="here" nothing is sent before its button: the tab alone keeps it. Without this file the form is saved by its buttons. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-answer]");
  if (!form) return;
  const says = form.querySelector("[data-answer-says]");
  const place = `answer:${form.dataset.who}:${location.pathname}`;
  const here = form.dataset.answer === "here";
  const PAUSE = 1200;
  let timer = 0, under = false, again = false, sent = false, changes = 0, kept = 0;

  const tell = (words) => { if (says) says.textContent = words; };
  const answers = () => [...new FormData(form)].filter(([name]) => name.startsWith("q-") || name === "role" || name === "phase");
  const remember = () => {
    try {
      if (changes > kept || here) sessionStorage.setItem(place, JSON.stringify(answers()));
      else sessionStorage.removeItem(place);
    } catch { /* a full or closed store: the button still saves */ }
  };
  const save = async () => {
    clearTimeout(timer);
    if (here || sent || changes === kept) return;
    if (under) { again = true; return; }
    under = true;
    const now = changes;
    tell("Saving…");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Save": "1" }, redirect: "manual", credentials: "same-origin" });
      const told = await answer.json().catch(() => null);
      if (answer.ok && told) {
        kept = now;
        for (const [key, value] of Object.entries(told.was || {})) if (form.elements[`was-${key}`]) form.elements[`was-${key}`].value = value;
      }
      if (answer.type === "opaqueredirect" || answer.status === 403) tell("You have been signed out. What you wrote stands here: sign in in another tab, then press the button.");
      else tell(told?.says || "Not saved yet. What you wrote stands here; press the button.");
    } catch {
      tell("No network. What you wrote is kept on this device, and saved when the network is back.");
    } finally {
      under = false;
      remember();
      if (again) { again = false; save(); }
    }
  };
  const later = (event) => {
    if (!event.target.name) return;
    changes += 1;
    remember();
    clearTimeout(timer);
    timer = setTimeout(save, event.type === "change" && event.target.type === "radio" ? 250 : PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); remember(); });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => save());

  // What was tapped or typed here before and never saved comes back.
  let before = null;
  try { before = JSON.parse(sessionStorage.getItem(place) || "null"); } catch { before = null; }
  if (before && !document.getElementById("refused")) {
    const were = JSON.stringify(answers());
    if (were !== JSON.stringify(before)) {
      for (const box of form.elements) if (box.type === "radio" && box.name.startsWith("q-")) box.checked = false;
      for (const [name, value] of before) {
        const box = form.elements[name];
        if (!box) continue;
        if (box instanceof RadioNodeList) { for (const one of box) one.checked = one.value === value; }
        else if (box.type === "radio") box.checked = box.value === value;
        else box.value = value;
      }
      changes += 1;
      tell("What you wrote before is back.");
      timer = setTimeout(save, PAUSE);
    }
  }
})();
