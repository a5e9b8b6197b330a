/* Saving as one goes: a form with data-keep="address" is saved there a moment after each change, and nothing typed is lost meanwhile.
   What is not saved yet stays in this tab alone (sessionStorage, by person and page), and comes back after a reload, a signing-in or a
   failed network. Without this file the form is saved by its button. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const says = form.querySelector("[data-keep-says]");
  const place = `keep:${form.dataset.keepWho}:${location.pathname}`;
  const boxes = [...form.querySelectorAll("textarea, input[type=text]")];
  const print = (name) => form.elements[`was-${name}`]?.value ?? "";
  const same = (one, other) => one.replace(/\r\n/g, "\n").trimEnd() === other.replace(/\r\n/g, "\n").trimEnd();
  const PAUSE = 1500;
  let saved = Object.fromEntries(boxes.map((box) => [box.name, box.defaultValue]));
  let timer = 0, under = false, sent = false;

  const tell = (text, href) => {
    if (!says) return;
    says.textContent = text;
    if (href) {
      const link = document.createElement("a");
      link.href = href;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "Sign in in another tab";
      says.append(" ", link, ", then come back: it is saved by itself.");
    }
  };
  const changed = () => boxes.filter((box) => !same(box.value, saved[box.name]));
  const remember = () => {
    const open = changed().map((box) => [box.name, { words: box.value, was: print(box.name) }]);
    try {
      if (open.length) sessionStorage.setItem(place, JSON.stringify(Object.fromEntries(open)));
      else sessionStorage.removeItem(place);
    } catch { /* a full or closed store: the button still saves */ }
  };

  const send = () => fetch(form.dataset.keep, { method: "POST", body: new FormData(form), redirect: "manual", credentials: "same-origin" });
  // Whoever signed in again, in another tab, has another token: the page is asked for it. False where nobody, or somebody else, is signed in.
  const renewed = async () => {
    const answer = await fetch(location.pathname, { redirect: "manual", credentials: "same-origin" });
    if (!answer.ok) return false;
    const there = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-keep]");
    if (!there || there.dataset.keepWho !== form.dataset.keepWho) return false;
    form.elements.csrfmiddlewaretoken.value = there.elements.csrfmiddlewaretoken.value;
    return true;
  };

  const save = async () => {
    clearTimeout(timer);
    if (under || sent || !changed().length) return;
    under = true;
    const given = Object.fromEntries(boxes.map((box) => [box.name, box.value]));
    tell("Saving…");
    try {
      let answer = await send();
      if (answer.status === 403 && (await renewed())) answer = await send();
      if (answer.type === "opaqueredirect" || answer.status === 403) tell("You have been signed out. What you wrote stands here.", "/sign-in/");
      else {
        const told = await answer.json().catch(() => null);
        if (answer.ok && told) {
          saved = given;
          for (const [name, value] of Object.entries(told.was || {})) if (form.elements[name]) form.elements[name].value = value;
        }
        tell(told?.says || "Not saved yet. What you wrote stands here; press Save.");
      }
    } catch {
      tell("No network. What you wrote stands here, and is saved when the network is back.");
    } finally {
      under = false;
      remember();
    }
  };

  const later = () => {
    remember();
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); remember(); });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => save());

  // What was typed here before and never saved comes back, unless somebody changed the same words since: then it stands beside.
  let kept = {};
  try { kept = JSON.parse(sessionStorage.getItem(place) || "{}"); } catch { kept = {}; }
  let back = 0;
  for (const box of boxes) {
    const before = kept[box.name];
    if (!before || same(before.words, box.value)) continue;
    if (before.was === print(box.name)) {
      box.value = before.words;
      back += 1;
    } else {
      const beside = document.createElement("p");
      beside.className = "hand-over";
      beside.textContent = `You typed here before, and it was not saved: ${before.words}`;
      box.closest(".govuk-form-group")?.append(beside);
    }
  }
  if (back) {
    tell("What you typed before is back.");
    later();
  }
})();
