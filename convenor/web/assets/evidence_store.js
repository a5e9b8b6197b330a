// What a phone keeps of evidence: each person's notes apart from everybody else's, each write on the disk before it counts.
// Nothing here asks the network. Times are texts (ISO); "of" names one person's notes of one review.
const NAME = "convenor-evidence";
const KEPT_DAYS = 14; // what has arrived is kept this long after the phone last spoke with the server
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const asked = (request) => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});

const finished = (work) => new Promise((yes, no) => {
  work.oncomplete = () => yes();
  work.onabort = work.onerror = () => no(work.error || new Error("The phone did not keep it."));
});

let opened;

export function open() {
  opened ||= new Promise((yes, no) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("texts", { keyPath: "uid" }).createIndex("of", "of");
      request.result.createObjectStore("reviews", { keyPath: "of" });
      request.result.createObjectStore("here", { keyPath: "key" });
    };
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => { db.close(); opened = undefined; };
      try { localStorage.setItem(NAME, "1"); } catch { /* a private window: the page's own visit tidies */ }
      yes(db);
    };
    request.onerror = () => no(request.error);
    request.onblocked = () => no(new Error("Another tab holds the notes."));
  }).catch((error) => { opened = undefined; throw error; });
  return opened;
}

// One piece of work on the notes; it is done when it is on the disk.
async function work(stores, doing) {
  const db = await open();
  const begun = db.transaction(stores, "readwrite", { durability: "strict" });
  const end = finished(begun);
  const found = await doing(...stores.map((name) => begun.objectStore(name)));
  await end;
  return found;
}

export const keyOf = (person, review) => `${person} ${review}`;
export const waiting = (text) => !text.arrived;

export async function person() {
  const db = await open();
  const row = await asked(db.transaction("here").objectStore("here").get("person"));
  return row ? row.value : "";
}

export async function texts(of) {
  const db = await open();
  return asked(db.transaction("texts").objectStore("texts").index("of").getAll(of));
}

export async function review(of) {
  const db = await open();
  return (await asked(db.transaction("reviews").objectStore("reviews").get(of))) || { of, cursor: 0 };
}

const kept = async (reviews, of) => (await asked(reviews.get(of))) || { of, cursor: 0 };

// Changes something of what is known of a review: its draft, what the server said of it.
export function note(of, said) {
  return work(["reviews"], async (reviews) => reviews.put({ ...(await kept(reviews, of)), ...said }));
}

// A writing that waits to be sent. Its number, its place in this phone's order and its time are given here, in the one step that
// keeps it: the same step forgets the draft that it was.
export function write(of, said) {
  return work(["texts", "reviews", "here"], async (all, reviews, here) => {
    const row = await kept(reviews, of);
    const known = (await asked(here.get("device"))) || { key: "device", value: crypto.randomUUID().slice(0, 8), sequence: 0 };
    const device = { ...known, sequence: known.sequence + 1 }; // one count for all that is ever written here, whoever signs in and out
    here.put(device);
    const now = new Date().toISOString();
    const text = {
      ...said, of, uid: crypto.randomUUID(), note: said.note || crypto.randomUUID(), device: device.value, sequence: device.sequence,
      written_at: now, begun_at: said.begun_at || now, own: true, arrived: "", refused: "", waits: "",
    };
    all.add(text);
    reviews.put({ ...row, draft: null });
    return text;
  });
}

// What the server answered: what it took, what it refused and why, what came from others, and the cursor for the next time.
export function answered(of, said) {
  return work(["texts", "reviews"], async (all, reviews) => {
    for (const uid of said.taken) {
      const text = await asked(all.get(uid));
      if (text) all.put({ ...text, arrived: text.arrived || said.at, refused: "", waits: "" });
    }
    for (const each of said.refused) {
      const text = await asked(all.get(each.uid));
      if (text && text.of === of) all.put({ ...text, refused: each.later ? "" : each.why, waits: each.later ? each.why : "" });
    }
    for (const each of said.changes) all.put({ begun_at: each.written_at, ...each, of, refused: "", waits: "" });
    const row = await kept(reviews, of);
    reviews.put({ ...row, cursor: Math.max(row.cursor, said.cursor), about: said.review, closed: "", spoken_at: new Date().toISOString() });
  });
}

export function discard(uid) {
  return work(["texts"], (all) => all.delete(uid));
}

export function refuse(uids, why) {
  return work(["texts"], async (all) => {
    for (const uid of uids) {
      const text = await asked(all.get(uid));
      if (text) all.put({ ...text, refused: why, waits: "" });
    }
  });
}

// The review is closed to this person: nothing of it stays but what was never sent, with the reason.
export function forget(of, why) {
  return work(["texts", "reviews"], async (all, reviews) => {
    for (const text of await asked(all.index("of").getAll(of))) {
      if (waiting(text)) all.put({ ...text, refused: why, waits: "" });
      else all.delete(text.uid);
    }
    const row = await kept(reviews, of);
    reviews.put({ of, cursor: 0, closed: why, draft: row.draft || null });
  });
}

// Who is at this phone now: "" for nobody. Of everybody else nothing stays but what was never sent, unseen; of the same person,
// nothing that arrived longer ago than the phone may keep it. With nothing left, nothing of this stays on the phone at all.
export async function tidy(who) {
  const left = await work(["texts", "reviews", "here"], async (all, reviews, here) => {
    const now = Date.now();
    const unsent = new Set();
    const old = new Set();
    for (const row of await asked(reviews.getAll())) {
      if (row.spoken_at && now - Date.parse(row.spoken_at) > KEPT_DAYS * DAY) old.add(row.of);
    }
    let number = 0;
    for (const text of await asked(all.getAll())) {
      const mine = who && text.of.startsWith(`${who} `) && !old.has(text.of);
      if (waiting(text)) unsent.add(text.of);
      if (waiting(text) || mine) number += 1;
      else all.delete(text.uid);
    }
    for (const row of await asked(reviews.getAll())) {
      const mine = who && row.of.startsWith(`${who} `) && !old.has(row.of);
      if (mine) continue;
      if (row.draft) number += 1;
      if (unsent.has(row.of) || row.draft) reviews.put({ of: row.of, cursor: 0, draft: row.draft || null });
      else reviews.delete(row.of);
    }
    if (who) here.put({ key: "person", value: who });
    else here.delete("person");
    return number;
  });
  if (!who && !left) await vanish();
}

// Asks, from any page of the site, whether the reviews that this person's phone keeps are still open to them; one that is not is
// forgotten at once. A review that was asked about within the hour is left alone, but for the one whose own page this is.
export async function check(who) {
  const db = await open();
  for (const row of await asked(db.transaction("reviews").objectStore("reviews").getAll())) {
    const [mine, path] = row.of.split(" ");
    const fresh = row.spoken_at && Date.now() - Date.parse(row.spoken_at) < HOUR && path !== location.pathname;
    if (mine !== who || fresh || row.closed) continue;
    const answer = await fetch(`${path}sync/?since=${row.cursor}`, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer && (answer.status === 403 || answer.status === 404)) await forget(row.of, "This review is closed to you.");
  }
}

async function vanish() {
  const db = await open();
  db.close();
  opened = undefined;
  await new Promise((done) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = request.onblocked = () => done();
  });
  try { localStorage.removeItem(NAME); } catch { /* as above */ }
  const workers = navigator.serviceWorker ? await navigator.serviceWorker.getRegistrations() : [];
  await Promise.all(workers.filter((one) => one.scope.endsWith("/evidence/")).map((one) => one.unregister()));
  const names = globalThis.caches ? await caches.keys() : [];
  await Promise.all(names.filter((name) => name.startsWith("evidence-")).map((name) => caches.delete(name)));
}
