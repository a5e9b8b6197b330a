// Notes from their writings, as rules/merging.py has it: what stands is what no other writing was made from.
const order = (a, b) => compare(placed(a), placed(b));
const placed = (text) => [Date.parse(text.written_at), text.device, text.sequence, text.uid];

function compare(one, other) {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at < 0 ? 0 : one[at] < other[at] ? -1 : 1;
}

export const says = (text) => JSON.stringify([text.words, text.activity || null, text.kind || "", text.theme || "", Boolean(text.struck)]);

function tipsOf(known) {
  const named = new Set([...known.values()].flatMap((text) => text.parents.filter((uid) => uid !== text.uid)));
  const tips = new Set([...known.keys()].filter((uid) => !named.has(uid)));
  const behind = new Set();
  const follow = (from) => {
    const ahead = [...from];
    while (ahead.length) {
      const uid = ahead.pop();
      if (!known.has(uid) || behind.has(uid)) continue;
      behind.add(uid);
      ahead.push(...known.get(uid).parents);
    }
  };
  follow(tips);
  for (const text of [...known.values()].sort(order).reverse()) {
    if (!behind.has(text.uid)) { tips.add(text.uid); follow([text.uid]); }
  }
  return [...tips].sort((a, b) => order(known.get(a), known.get(b)));
}

function noteOf(uid, rows) {
  const known = new Map(rows.map((text) => [text.uid, text]));
  const tips = tipsOf(known);
  const heads = new Map();
  for (const tip of tips) if (!heads.has(says(known.get(tip)))) heads.set(says(known.get(tip)), known.get(tip));
  const begun = rows.find((text) => text.parents.length === 0) || rows[0];
  const shown = [...heads.values()];
  return { uid, begun, heads: shown, tips, rows, apart: shown.length > 1, struck: shown.every((text) => text.struck) };
}

// The log, in the order in which notes were begun.
export function merged(texts) {
  const byNote = new Map();
  for (const text of [...texts].sort(order)) {
    if (!byNote.has(text.note)) byNote.set(text.note, []);
    byNote.get(text.note).push(text);
  }
  const notes = [...byNote].map(([uid, rows]) => noteOf(uid, rows));
  const reached = new Map();
  const began = new Map();
  const byDevice = (note) => [note.begun.device, note.begun.sequence, Date.parse(note.begun.written_at), note.uid];
  for (const note of [...notes].sort((a, b) => compare(byDevice(a), byDevice(b)))) {
    const at = Math.max(reached.get(note.begun.device) || 0, Date.parse(note.begun.written_at));
    reached.set(note.begun.device, at);
    began.set(note.uid, at);
  }
  const key = (note) => [began.get(note.uid), note.begun.device, note.begun.sequence, note.uid];
  return notes.sort((a, b) => compare(key(a), key(b)));
}
