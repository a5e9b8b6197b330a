// The evidence page at work: notes are kept on the phone first and sent when there is a network. Without this file the page is a
// plain form. Words are put on the page as text, never as markup.
(() => {
  "use strict";
  const root = document.getElementById("evidence");
  const form = document.getElementById("note-form");
  const list = document.getElementById("notes");
  const none = document.getElementById("no-notes");
  const board = document.getElementById("evidence-state");
  if (!root || !form || !globalThis.indexedDB) return;

  const here = location.pathname;
  const place = matchMedia("(pointer: coarse)").matches ? "phone" : "computer";
  const PICKED_FOR = 30 * 60_000; // a chosen activity stays chosen this long; then the nearest in time is chosen again
  const box = form.elements;
  const parts = Promise.all([import(root.dataset.store), import(root.dataset.merge), import(root.dataset.sync)]);
  let store, merge, sync, of;
  let rewriting = null;
  let pickedAt = 0;
  let about = null;
  let last = { state: "" };

  const element = (name, given = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), given);
    made.append(...inside.filter((one) => one !== ""));
    return made;
  };
  const clock = (iso) => new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const today = () => new Date().toLocaleDateString("en-CA");
  const when = (iso) => (new Date(iso).toLocaleDateString("en-CA") === today() ? "" : `${new Date(iso).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" })}, `) + clock(iso);
  const notes = (number) => (number === 1 ? "1 note" : `${number} notes`);
  const short = (words) => (words.length > 40 ? `${words.slice(0, 40)}…` : words);

  // What the page says of where the notes are: said once, and again only when it changes.
  function say(kind, ...inside) {
    const line = element("p", {}, ...inside);
    if (board.textContent === line.textContent && !board.hidden) return;
    board.className = `evidence-state evidence-state--${kind}`;
    board.replaceChildren(line);
    board.hidden = false;
  }

  function tell(all) {
    const waits = all.filter((text) => !text.arrived && !text.refused).length;
    const stuck = all.filter((text) => text.refused).length;
    const kept = `${notes(waits)} on this ${place}. `;
    if (last.state === "another") say("waits", "Somebody else has signed in here. ", element("a", { href: here, textContent: "Open the page again" }), ".");
    else if (last.state === "closed") say("waits", last.why || "This review is closed to you.", stuck ? " What was not sent stays below until you have copied or discarded it." : "");
    else if (stuck) say("waits", `${notes(stuck)} could not be taken; see below why. Nothing is lost.`);
    else if (last.state === "signed-out") say("waits", waits ? kept : "", element("a", { href: `/sign-in/?next=${encodeURIComponent(here)}`, textContent: "Sign in" }), waits ? " and they go." : " to see what others wrote.");
    else if (waits && last.state === "later") say("waits", kept, last.why);
    else if (waits && last.state === "away") say("waits", kept, waits === 1 ? "It goes when there is a network." : "They go when there is a network.");
    else if (waits) say("waits", kept, "Sending.");
    else if (last.state === "away") say("plain", "No network. You can write: notes wait here.");
    else if (all.some((text) => text.own)) say("done", "Everything you wrote has arrived.");
    else board.hidden = true;
  }

  // One writing in words: where it is.
  function whereabouts(text) {
    if (text.refused) return text.refused;
    if (!text.arrived) return `on this ${place}`;
    return text.own ? `arrived ${when(text.arrived)}` : "";
  }

  const optionOf = (select, value) => [...select.options].find((one) => one.value === String(value || ""));
  const activityOf = (text) => (text.activity ? (about?.activities || []).find((one) => one.id === text.activity)?.title || "" : "");

  function says(text, apart) {
    const kind = text.kind ? form.querySelector(`[name=kind][value="${CSS.escape(text.kind)}"] + span`)?.textContent : "";
    const theme = text.theme ? optionOf(box.theme, text.theme)?.text : "";
    const inside = element("div", { className: "evidence-says" });
    if (kind || theme) inside.append(element("p", { className: "small" }, kind ? element("span", { className: "tag", textContent: kind }) : "", kind && theme ? " " : "", theme || ""));
    inside.append(element("p", { className: "evidence-words", textContent: text.words || "Taken back." }));
    if (apart) inside.append(element("p", { className: "small quiet", textContent: `${text.own ? "you" : text.by}, ${when(text.written_at)}` }));
    return inside;
  }

  function shown(note) {
    const newest = note.heads[note.heads.length - 1];
    const waits = note.rows.some((text) => !text.arrived);
    const item = element("li", { className: `evidence-note${note.struck ? " evidence-note--struck" : ""}${waits ? " evidence-note--waits" : ""}`, id: `note-${note.uid}` });
    item.dataset.note = note.uid;
    if (note.apart) item.append(element("p", { className: "small" }, element("strong", { textContent: "Written in two places apart." }), " Both stand until somebody joins them."));
    for (const text of note.heads) item.append(says(text, note.apart));
    const facts = [when(note.begun.begun_at || note.begun.written_at), note.begun.own ? "you" : note.begun.by, activityOf(newest), note.struck ? "taken back" : written(note, newest), whereabouts(newest)];
    item.append(element("p", { className: "small quiet", textContent: facts.filter(Boolean).join("; ") }));
    item.append(doing(note, newest));
    return item;
  }

  function doing(note, newest) {
    const line = element("div", { className: "evidence-doing" });
    const add = (label, does) => {
      const button = element("button", { type: "button", className: "link-button" }, label, element("span", { className: "govuk-visually-hidden", textContent: `: ${short(newest.words)}` }));
      button.addEventListener("click", () => does(button));
      line.append(button);
    };
    const refused = note.rows.filter((text) => text.refused);
    if (refused.length) {
      add("Copy its words", (button) => copy(refused.map((text) => text.words).join("\n\n"), button));
      add("Discard", async () => { for (const text of refused) await store.discard(text.uid); await draw(); });
    }
    if (last.state === "closed" || about?.stands === "closed") return line;
    add(note.apart ? "Join the two" : "Write again", () => rewrite(note));
    if (note.begun.own) add(note.struck ? "Put it back" : "Take it back", () => keep({ ...said(newest), note: note.uid, parents: note.tips, begun_at: note.begun.begun_at, struck: !note.struck }));
    return line;
  }

  // Who wrote it last, where that was not whoever began it.
  const written = (note, newest) => ((newest.own ? note.begun.own : newest.by === note.begun.by) ? "" : `written again by ${newest.own ? "you" : newest.by}`);
  const said = (text) => ({ words: text.words, kind: text.kind, theme: text.theme, activity: text.activity || null, struck: Boolean(text.struck) });

  async function copy(words, button) {
    try { await navigator.clipboard.writeText(words); button.firstChild.data = "Copied"; } catch { getSelection().selectAllChildren(button.closest("li").querySelector(".evidence-words")); }
  }

  async function draw() {
    const [all, row] = [await store.texts(of), await store.review(of)];
    if (row.about) arrange(row.about);
    if (row.closed && document.getElementById("school")) document.getElementById("school").textContent = "";
    const shut = Boolean(row.closed) || about?.stands === "closed";
    form.hidden = shut && !box.words.value.trim();
    form.querySelector("[type=submit]").disabled = shut;
    const log = merge.merged(all).reverse();
    const focus = document.activeElement?.closest?.("[data-note]")?.dataset.note;
    list.replaceChildren(...log.map(shown));
    if (focus) list.querySelector(`[data-note="${CSS.escape(focus)}"] button`)?.focus();
    none.hidden = log.length > 0;
    tell(all);
  }

  // The activities and the review's own themes, from what the server last said of the review.
  function arrange(said) {
    const text = JSON.stringify(said);
    if (about && JSON.stringify(about) === text) return;
    about = said;
    const school = document.getElementById("school");
    if (school) school.textContent = said.school || "";
    const chosen = box.activity.selectedOptions[0];
    const label = (one) => `${one.on === today() ? "" : `${new Date(`${one.on}T12:00`).toLocaleDateString("en-GB", { weekday: "short", day: "numeric" })} `}${one.starts} ${one.title}`;
    const sorted = [...(said.activities || [])].sort((a, b) => [a.on !== today(), a.on, a.starts].join() < [b.on !== today(), b.on, b.starts].join() ? -1 : 1);
    box.activity.replaceChildren(new Option("No activity", ""), ...sorted.map((one) => new Option(label(one), one.id)));
    if (chosen && !optionOf(box.activity, chosen.value)) box.activity.add(chosen);
    if (chosen) box.activity.value = chosen.value;
    if (!rewriting) near();
    for (const key of [...(said.themes || [])].reverse()) {
      const option = optionOf(box.theme, key);
      if (option && !option.closest("optgroup")) box.theme.insertBefore(option, box.theme.options[1] || null);
    }
  }

  // The activity of today that is nearest in time, one's own before others'; as the server's rule has it.
  function near() {
    if (!about?.activities || Date.now() - pickedAt < PICKED_FOR) return;
    const now = new Date().getHours() * 60 + new Date().getMinutes();
    const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
    const apart = (one) => Math.max(minutes(one.starts) - now, now - minutes(one.ends), 0);
    const day = about.activities.filter((one) => one.on === today());
    const mine = day.some((one) => one.mine) ? day.filter((one) => one.mine) : day;
    mine.sort((a, b) => apart(a) - apart(b) || minutes(a.starts) - minutes(b.starts) || a.id - b.id);
    box.activity.value = mine.length ? String(mine[0].id) : "";
  }

  function fill(text) {
    box.words.value = text.words || "";
    box.theme.value = text.theme || "";
    if (text.activity && !optionOf(box.activity, text.activity)) box.activity.add(new Option("As it was", text.activity)); // taken off the plan since
    if (text.activity !== undefined) box.activity.value = String(text.activity || "");
    (form.querySelector(`[name=kind][value="${CSS.escape(text.kind || "")}"]`) || form.querySelector("[name=kind]")).checked = true;
    document.getElementById("note-again").hidden = !rewriting;
  }

  function rewrite(note) {
    const newest = note.heads[note.heads.length - 1];
    rewriting = { note: note.uid, parents: note.tips, begun_at: note.begun.begun_at };
    fill({ ...said(newest), words: note.heads.map((text) => text.words).filter(Boolean).join("\n\n") });
    box.words.focus();
    form.scrollIntoView({ block: "start" });
    remember();
  }

  function leave() {
    rewriting = null;
    fill({});
    near();
  }

  const typed = () => ({ words: box.words.value, kind: box.kind.value, theme: box.theme.value, activity: Number(box.activity.value) || null });

  // What is being typed is kept too, so that a reload or a flat battery loses no word.
  let typing = 0;
  function remember() {
    clearTimeout(typing);
    typing = setTimeout(() => store.note(of, { draft: box.words.value.trim() ? { ...typed(), rewriting } : null }), 400);
  }

  async function keep(writing) {
    clearTimeout(typing);
    try {
      await store.write(of, writing);
    } catch {
      say("waits", `This ${place} could not keep the note. Copy the words before you leave this page.`);
      return false;
    }
    await draw();
    round.now();
    return true;
  }

  async function save(event) {
    event.preventDefault();
    const writing = { parents: [], struck: false, ...rewriting, ...typed() };
    if (!writing.words.trim()) { box.words.focus(); return; }
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    if (await keep(writing)) { leave(); box.words.focus({ preventScroll: true }); }
    button.disabled = false;
  }

  let round = { now: () => Promise.resolve() };

  async function begin() {
    [store, merge, sync] = await parts;
    const given = root.dataset.person;
    if (given) await store.tidy(given);
    const who = given || (await store.person());
    if (!who) {
      form.hidden = true;
      say("waits", "Nobody is signed in here. ", element("a", { href: `/sign-in/?next=${encodeURIComponent(here)}`, textContent: "Sign in" }), " when there is a network.");
      return;
    }
    of = store.keyOf(who, here);
    const row = await store.review(of);
    const fresh = !new URLSearchParams(location.search).has("note");
    if (row.about) arrange(row.about);
    if (row.closed) last = { state: "closed", why: row.closed };
    if (row.draft && fresh && !box.words.value) { rewriting = row.draft.rewriting || null; pickedAt = Date.now(); fill(row.draft); }
    if (!fresh) {
      rewriting = { note: box.note.value, parents: box.parents.value.split(" ").filter(Boolean) };
      history.replaceState(null, "", here);
    }
    round = sync.syncer({ store, of, who, url: `${here}sync/`, changed: (got) => { if (got.state !== "sending") last = got; if (got.state === "another") location.reload(); else draw(); } });
    form.addEventListener("submit", save);
    form.addEventListener("input", remember);
    box.activity.addEventListener("change", () => { pickedAt = Date.now(); });
    document.getElementById("note-leave").addEventListener("click", (event) => { event.preventDefault(); leave(); store.note(of, { draft: null }); });
    document.getElementById("evidence-keeps")?.removeAttribute("hidden");
    if (!given || (await store.texts(of)).some(store.waiting)) await draw();
    await round.now();
    root.dataset.ready = "1";
    navigator.storage?.persist?.().catch(() => {});
    if (navigator.serviceWorker) await navigator.serviceWorker.register(`${here}worker.js`);
  }

  begin().catch((error) => { console.warn("Evidence works without the phone's own store:", error); });
})();
