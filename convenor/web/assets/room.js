/* The room's phone. What is sent is first kept on this phone (localStorage, for this workshop) and leaves it only when the server has said
   that it has it; what is sent twice stands once there. Without this file every form is sent by its button. Words are put on the page as
   text, never as markup. */
(() => {
  "use strict";
  const root = document.getElementById("room");
  if (!root) return;
  const { room: code, to, now: nowAt, token: tokenAt } = root.dataset;
  const joined = "joined" in root.dataset;
  const place = `room:${code}`;
  const POLL = 4_000, CLOSED_POLL = 30_000, FIRST_WAIT = 1_000, LONGEST_WAIT = 15_000, PATIENCE = 15_000;
  const NAMES = { about: "who you are", pick: "your nine cards", diamond: "your diamond", note: "a line", likelihood: "how likely", prediction: "what you expect" };
  const LAST_ONLY = new Set(["about", "pick", "diamond"]);
  const state = root.querySelector("[data-state]");
  const moved = root.querySelector("[data-moved]");
  const panels = [...root.querySelectorAll("[data-panel]")];
  const all = (words) => [...root.querySelectorAll(words)];

  // What this phone keeps: what waits to be sent, what was refused, what is only begun. A phone that cannot keep anything still sends.
  let kept = { queue: [], refused: [], begun: {}, number: 0 };
  const load = () => { try { kept = { ...kept, ...JSON.parse(localStorage.getItem(place) || "{}") }; } catch { /* nothing kept */ } };
  const save = () => { try { localStorage.setItem(place, JSON.stringify(kept)); } catch { /* a full or closed store */ } };
  const nextNumber = () => {
    kept.number = Math.max(Date.now(), kept.number + 1, Number(root.dataset.heard || 0) + 1);
    return kept.number;
  };
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  let version = root.dataset.version || "";
  let open = root.dataset.open !== "0";
  let step = root.dataset.step || "";
  let sending = false, wait = 0, bell = 0, pollBell = 0, away = false, said = "";

  // ---- saying where things are ----
  const line = (words) => { const made = document.createElement("p"); made.textContent = words; return made; };
  const say = (kind, words, ...more) => {
    const whole = `${kind}:${words}`;
    if (whole === said) return;
    said = whole;
    state.className = `room-state room-state--${kind}`;
    state.replaceChildren(line(words));
    state.firstChild.append(...more);
  };
  const tell = (fresh) => {
    const waits = kept.queue.length;
    const what = [...new Set(kept.queue.map((item) => NAMES[item.kind]))].join(", ");
    if (kept.refused.length) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "All right";
      button.addEventListener("click", () => { kept.refused = []; save(); said = ""; tell(true); });
      const first = kept.refused[0];
      say("waits", `Not taken: ${first.why} ${first.words ? `You wrote: “${first.words}”` : ""} `, button);
    } else if (waits && !open) say("waits", `The workshop has closed. Not sent, and kept on this phone: ${what}.`);
    else if (waits && away) say("waits", `Kept on this phone, not yet sent: ${what}. It goes by itself when there is a signal.`);
    else if (waits) say("plain", "Sending…");
    else if (fresh) say("done", "Sent. Thank you.");
  };

  // ---- sending ----
  const token = () => root.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const renew = async () => {
    const answer = await fetch(tokenAt, { cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) return false;
    const fresh = (await answer.json()).token;
    all("input[name=csrfmiddlewaretoken]").forEach((box) => { box.value = fresh; });
    return true;
  };
  const ask = async (address, options) => {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE);
    try { return await fetch(address, { credentials: "same-origin", cache: "no-store", signal: stop.signal, ...options }); } finally { clearTimeout(late); }
  };
  const post = (items) => ask(to, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify({ items }),
  });
  const later = (least = 0) => {
    wait = Math.max(least, Math.min(wait ? wait * 2 : FIRST_WAIT, LONGEST_WAIT));
    clearTimeout(bell);
    bell = setTimeout(flush, wait * (0.75 + Math.random() / 2));
  };

  async function flush() {
    clearTimeout(bell);
    if (sending || !kept.queue.length) return;
    sending = true;
    const items = kept.queue.slice(0, 40);
    tell();
    try {
      let answer = await post(items);
      if (answer.status === 403 && (await renew())) answer = await post(items);
      const told = await answer.json().catch(() => ({}));
      load(); // another tab of this phone may have kept something meanwhile
      if (answer.ok) {
        const done = new Set([...told.kept, ...told.refused.map((each) => each.key)]);
        const why = new Map(told.refused.map((each) => [each.key, each.why]));
        kept.refused.push(...kept.queue.filter((item) => why.has(item.key)).map((item) => ({ why: why.get(item.key), words: item.words || "" })));
        kept.queue = kept.queue.filter((item) => !done.has(item.key));
        kept.number = Math.max(kept.number, told.heard);
        save();
        away = false;
        wait = 0;
        open = true;
        arrived(new Set(told.kept), told.refused);
        if (told.now && joined) apply(told.now);
        tell(true);
        if (!joined && told.kept.length) location.reload();
      } else if (answer.status === 409 || answer.status === 404) {
        open = false;
        if (answer.status === 404 && !joined) { kept.refused.push({ why: told.why || "", words: "" }); kept.queue = []; save(); }
        tell();
        later(CLOSED_POLL);
      } else if (answer.status === 400) {
        kept.refused.push({ why: told.why || "The server cannot read this.", words: items.map((item) => item.words).filter(Boolean).join(" / ") });
        kept.queue = kept.queue.filter((item) => !items.some((each) => each.key === item.key));
        save();
        tell();
      } else {
        if (answer.status === 429 && told.why) say("waits", told.why);
        else { away = true; tell(); }
        later(answer.status === 429 ? LONGEST_WAIT : 0);
      }
    } catch {
      away = true;
      tell();
      later();
    } finally {
      sending = false;
    }
    if (kept.queue.length && !wait) flush();
  }

  const enqueue = (kind, holds) => {
    load();
    const item = { ...holds, key: holds.key || newKey(), kind, number: nextNumber() };
    const same = (one) => one.kind === kind && (LAST_ONLY.has(kind) || (kind === "likelihood" && one.prediction === holds.prediction));
    kept.queue = [...kept.queue.filter((one) => !same(one)), item];
    save();
    said = "";
    if (navigator.onLine === false) away = true;
    tell();
    wait = 0;
    flush();
    return item;
  };

  // ---- the forms ----
  const values = (form) => Object.fromEntries(new FormData(form));
  const ways = {
    about: (form) => {
      const { way, group_size, label, role, phase, tier, type } = values(form);
      return { way, group_size: way === "table" ? Number(group_size) || 0 : way === "pair" ? 2 : 1, label, role, phase, tier, type };
    },
    pick: (form) => ({ cards: new FormData(form).getAll("cards") }),
    diamond: (form) => {
      const rows = JSON.parse(form.querySelector("[data-rows]").value || "{}");
      const comments = {};
      form.querySelectorAll("[data-words-on]").forEach((box) => { if (box.value.trim()) comments[box.dataset.wordsOn] = box.value.trim(); });
      return { rows, comments };
    },
    note: (form) => { const { step: at, prompt, words } = values(form); return { step: at, prompt, words }; },
    likelihood: (form) => { const { prediction, percent } = values(form); return { prediction: Number(prediction), percent: Number(percent) }; },
    prediction: (form) => { const { words, told_by, months, about } = values(form); return { words, told_by, months: Number(months), about }; },
  };
  const lacks = (kind, holds) => {
    if (kind === "about" && holds.way === "table" && !(holds.group_size >= 2)) return "Say how many you are at the table.";
    if (kind === "pick" && holds.cards.length !== 9) return `You picked ${holds.cards.length}; pick nine.`;
    if (kind === "diamond" && Object.keys(holds.rows).length !== 9) return `Place all nine cards first: ${9 - Object.keys(holds.rows).length} left.`;
    if ((kind === "note" || kind === "prediction") && !holds.words.trim()) return "Write a line first.";
    if (kind === "likelihood" && Number.isNaN(holds.percent)) return "Choose how likely.";
    return "";
  };
  const showLine = (item, waiting) => {
    const list = root.querySelector(`[data-lines-of="${CSS.escape(`${item.step}-${item.prompt}`)}"]`);
    if (!list || list.querySelector(`[data-key="${CSS.escape(item.key)}"]`)) return;
    const made = document.createElement("li");
    made.dataset.key = item.key;
    made.textContent = item.words;
    made.classList.toggle("is-waiting", waiting);
    list.append(made);
  };
  const arrived = (keys, refused) => {
    for (const key of keys) all(`[data-key="${CSS.escape(key)}"]`).forEach((each) => each.classList.remove("is-waiting"));
    for (const { key } of refused) all(`[data-key="${CSS.escape(key)}"]`).forEach((each) => each.remove());
  };

  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-send]");
    if (!form) return;
    event.preventDefault();
    const kind = form.dataset.send;
    const holds = ways[kind](form);
    const missing = lacks(kind, holds);
    if (missing) { said = ""; say("waits", missing); state.scrollIntoView({ block: "nearest" }); return; }
    const item = enqueue(kind, holds);
    delete kept.begun[begunKey(form)];
    save();
    if (kind === "note") { showLine(item, true); form.querySelector("textarea").value = ""; form.querySelector("textarea").focus(); }
    if (kind === "prediction") { form.querySelectorAll("textarea, input[name=told_by]").forEach((box) => { box.value = ""; }); }
    if (kind === "diamond") form.querySelector("button[type=submit]").textContent = "Send the diamond again";
    if (kind !== "note" && kind !== "likelihood") state.scrollIntoView({ block: "nearest" });
  });
  root.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-send]");
    if (form?.dataset.send === "likelihood" && event.target.name === "percent") form.requestSubmit();
    if (event.target.name === "way") tables();
    if (event.target.name === "cards") picked();
  });
  const tables = () => all("[data-table]").forEach((part) => {
    part.hidden = (part.closest("form").querySelector("input[name=way]:checked")?.value || "alone") !== "table";
  });
  const picked = () => all("form[data-send=pick]").forEach((form) => {
    form.querySelector("[data-picked]").textContent = `${form.querySelectorAll("input[name=cards]:checked").length} of 9 picked.`;
  });

  // ---- what is only begun stays on this phone, through a reload and a flat battery ----
  const begunKey = (form) => `${form.dataset.send}:${form.elements.step?.value || ""}:${form.elements.prompt?.value || ""}`;
  const remember = (form) => {
    const kind = form.dataset.send;
    if (kind === "likelihood" || kind === "about") return;
    load();
    const holds = ways[kind](form);
    const nothing = kind === "note" || kind === "prediction" ? !holds.words : kind === "pick" ? !holds.cards.length : !Object.keys(holds.rows).length;
    if (nothing) delete kept.begun[begunKey(form)];
    else kept.begun[begunKey(form)] = holds;
    save();
  };
  const fillIn = (form, holds) => {
    const kind = form.dataset.send;
    if (kind === "note" || kind === "prediction") form.elements.words.value = holds.words || "";
    if (kind === "pick") form.querySelectorAll("input[name=cards]").forEach((box) => { box.checked = holds.cards.includes(box.value); });
    if (kind === "diamond") {
      form.querySelector("[data-diamond]")?.dispatchEvent(new CustomEvent("diamond:fill", { detail: { rows: holds.rows } }));
      form.querySelectorAll("[data-words-on]").forEach((box) => { box.value = holds.comments?.[box.dataset.wordsOn] || ""; });
      if (Object.keys(holds.comments || {}).length) form.querySelector("[data-words]").open = true;
    }
  };
  root.addEventListener("diamond:changed", (event) => remember(event.target.closest("form")));
  root.addEventListener("input", (event) => { const form = event.target.closest("form[data-send]"); if (form) remember(form); });

  // ---- where the room is ----
  const show = (key, focus) => {
    const wanted = panels.find((panel) => panel.dataset.panel === key);
    if (!wanted) return;
    panels.forEach((panel) => { panel.hidden = panel !== wanted; });
    all("[data-to-step]").forEach((entry) => {
      const link = entry.querySelector("a");
      if (entry.dataset.toStep === key) link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
    });
    document.title = `${wanted.dataset.name || "Thank you"} – ${root.querySelector(".room-title")?.textContent || ""}`;
    const there = panels.find((panel) => panel.dataset.panel === step);
    moved.querySelector("[data-moved-to]").textContent = there?.dataset.name || "";
    moved.hidden = !open || "together" in root.dataset || key === step || !there;
    if (focus) { scrollTo(0, 0); wanted.querySelector(".room-name")?.focus({ preventScroll: true }); }
  };
  const shownKey = () => panels.find((panel) => !panel.hidden)?.dataset.panel;
  const goTo = (key) => {
    const order = panels.map((panel) => panel.dataset.panel);
    step = key;
    all("[data-to-step]").forEach((entry) => {
      entry.hidden = !("together" in root.dataset) && order.indexOf(entry.dataset.toStep) > order.indexOf(key);
    });
    const here = panels.find((panel) => !panel.hidden);
    const next = panels.find((panel) => panel.dataset.panel === key);
    moved.querySelector("[data-moved-to]").textContent = next?.dataset.name || "";
    // Nobody who is in the midst of something is taken from it; whoever only looks on goes with the room.
    if (!here || !("asks" in here.dataset)) show(key, false);
    else moved.hidden = "together" in root.dataset || here.dataset.panel === key || !next;
  };
  moved?.querySelector("[data-go]")?.addEventListener("click", () => show(step, true));
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-to-step] a");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(link.closest("[data-to-step]").dataset.toStep, true);
  });

  const expected = (told) => {
    const list = root.querySelector("[data-expected]");
    const form = root.querySelector("[data-expected-form]");
    if (!list || !form) return;
    for (const each of [...told].reverse()) {
      if (list.querySelector(`[data-prediction="${Number(each.id)}"]`)) continue;
      const made = form.content.firstElementChild.cloneNode(true);
      made.dataset.prediction = each.id;
      made.querySelector("[name=prediction]").value = each.id;
      made.querySelector("[data-words]").textContent = each.words;
      made.querySelector("[data-due]").textContent = each.due;
      made.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((box) => { box.value = token(); });
      list.prepend(made);
    }
    if (list.children.length) root.querySelector("[data-no-expected]")?.setAttribute("hidden", "");
  };
  const apply = (now) => {
    version = now.version;
    open = now.state === "open";
    // Other cards: the page is fetched anew, each phone at a moment of its own. What is begun stands on the phone.
    if (now.chosen.join(" ") !== root.dataset.chosen) { reload(); return; }
    const results = root.querySelector("[data-results]");
    results.hidden = !results.dataset.results || !now.shown.steps.includes(results.dataset.results);
    expected(now.predictions || []);
    all("[data-while-open]").forEach((part) => { part.hidden = !open; });
    if (!open) { tidy(); moved.hidden = true; all("[data-to-step]").forEach((entry) => { entry.hidden = true; }); show("closed", false); }
    else if (now.step !== step || shownKey() === "closed") goTo(now.step);
  };
  let reloads = 0;
  const reload = () => { if (!reloads++) setTimeout(() => location.reload(), Math.random() * 5_000); };

  async function poll() {
    clearTimeout(pollBell);
    if (document.visibilityState === "visible") {
      try {
        const answer = await ask(`${nowAt}?since=${encodeURIComponent(version)}`, { headers: { "If-None-Match": `"${version}"` } });
        if (answer.status === 200) apply(await answer.json());
        if (answer.status === 200 || answer.status === 304) {
          if (away) { away = false; wait = 0; flush(); }
        } else away = away || answer.status >= 500;
      } catch { away = true; }
      if (kept.queue.length) tell();
    }
    pollBell = setTimeout(poll, (open ? POLL : CLOSED_POLL) * (0.85 + Math.random() * 0.3));
  }

  // Of a workshop that has closed nothing stays on the phone but what could not be sent.
  const tidy = () => {
    if (open || kept.queue.length || kept.refused.length) return;
    try { localStorage.removeItem(place); } catch { /* nothing kept */ }
  };

  // ---- begin ----
  load();
  kept.number = Math.max(kept.number, Number(root.dataset.heard || 0));
  for (const form of all("form[data-send]")) {
    const waiting = kept.queue.filter((item) => item.kind === form.dataset.send).pop();
    const begun = kept.begun[begunKey(form)];
    if (begun) fillIn(form, begun);
    else if (waiting && form.dataset.send !== "note" && form.dataset.send !== "prediction") fillIn(form, waiting);
  }
  kept.queue.filter((item) => item.kind === "note").forEach((item) => showLine(item, true));
  tables();
  picked();
  all("[data-needless]").forEach((button) => { button.hidden = true; });
  if (joined && nowAt) pollBell = setTimeout(poll, POLL * Math.random());
  if (kept.queue.length || kept.refused.length) { tell(); flush(); }
  addEventListener("online", () => { wait = 0; flush(); if (joined) poll(); });
  addEventListener("offline", () => { away = true; if (kept.queue.length) tell(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") { flush(); if (joined) poll(); } });
  tidy();
  root.dataset.ready = "";
})();
