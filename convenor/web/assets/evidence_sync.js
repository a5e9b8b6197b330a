// Sends what waits and fetches what came, fifty at a time, as often as it takes. A note is gone from the queue only when the server
// has said that it has it; a lost answer costs nothing, since the server knows each note by its number.
const BATCH = 50;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;
const LOOK_EVERY = 45_000;
const PATIENCE = 20_000;

// What the server said, or in words why it could not be asked.
async function ask(url, options = {}) {
  const stop = new AbortController();
  const bell = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(url, { redirect: "manual", cache: "no-store", credentials: "same-origin", signal: stop.signal, ...options });
    if (answer.type === "opaqueredirect") return { state: "signed-out" };
    if (answer.ok) return { state: "ok", said: await answer.json() };
    const why = await answer.json().then((said) => said.why || "", () => "");
    const states = { 400: "unreadable", 401: "signed-out", 403: "stale", 404: "closed", 409: "another", 413: "unreadable" };
    return { state: states[answer.status] || "away", why };
  } catch {
    return { state: "away" };
  } finally {
    clearTimeout(bell);
  }
}

export function syncer({ store, of, who, url, changed }) {
  let token = "";
  let wait = 0;
  let bell = 0;
  let running = null;
  let again = false;

  async function read() {
    for (;;) {
      const { cursor } = await store.review(of);
      const got = await ask(`${url}?since=${cursor}`);
      if (got.state === "stale") return { state: "closed", why: "This review is closed to you." };
      if (got.state !== "ok") return got;
      if (got.said.person !== who) return { state: "another" };
      token = got.said.csrf;
      await store.answered(of, got.said);
      if (!got.said.more) return got;
    }
  }

  async function send() {
    let size = BATCH;
    let renewed = false;
    for (;;) {
      const all = await store.texts(of);
      const queue = all.filter((text) => store.waiting(text) && !text.refused).sort((a, b) => a.sequence - b.sequence).slice(0, size);
      if (!queue.length) return { state: "ok" };
      const { cursor } = await store.review(of);
      const got = await ask(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ person: who, since: cursor, writings: queue }, (key, value) => (OWN.has(key) ? undefined : value)),
      });
      if (got.state === "stale" && !renewed) {
        renewed = true;
        const fresh = await read();
        if (fresh.state !== "ok") return fresh;
      } else if (got.state === "unreadable") {
        if (queue.length === 1) await store.refuse([queue[0].uid], got.why || "The server cannot read this note.");
        else size = Math.ceil(queue.length / 2);
      } else if (got.state !== "ok") {
        return got.state === "stale" ? { state: "away" } : got;
      } else {
        await store.answered(of, got.said);
        changed({ state: "sending" });
        if (got.said.refused.some((each) => each.later)) return { state: "later", why: got.said.refused.find((each) => each.later).why };
      }
    }
  }

  async function once() {
    let got = await read();
    if (got.state === "ok") got = await send();
    if (got.state === "closed") await store.forget(of, got.why || "This review is closed to you.");
    return got;
  }

  // Asks for a round now; one that is asked for while another runs follows it.
  function now() {
    clearTimeout(bell);
    if (running) { again = true; return running; }
    running = once().catch(() => ({ state: "away" })).then((got) => {
      running = null;
      changed(got);
      if (again) { again = false; return now(); }
      plan(got.state);
      return got;
    });
    return running;
  }

  // When to ask again: soon and then less and less often where the network is away, never where asking cannot help.
  function plan(state) {
    if (state === "closed" || state === "another") return;
    wait = state === "ok" ? 0 : Math.min(wait ? wait * 2 : FIRST_WAIT, LONGEST_WAIT);
    const pause = state === "ok" ? LOOK_EVERY : wait * (0.75 + Math.random() / 2);
    bell = setTimeout(() => (document.visibilityState === "visible" ? now() : plan(state)), pause);
  }

  addEventListener("online", () => { wait = 0; now(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") { wait = 0; now(); } });
  return { now };
}

// What is this phone's own business and is not sent.
const OWN = new Set(["of", "own", "began", "arrived", "refused", "waits", "by"]);
