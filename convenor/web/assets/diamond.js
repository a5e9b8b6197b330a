/* The diamond of nine: choose a card and then its place, drag it, or move it with the keyboard. The nine selects beneath are the form;
   this board only fills them in, and without this file they are used as they stand. Whoever listens hears "diamond:changed". */
(() => {
  "use strict";
  const SHAPE = [1, 2, 3, 2, 1];
  const HOLD = 220; // ms a finger rests on a card before it is dragged; a quicker move scrolls
  const SLACK = 8; // px

  const start = (root) => {
    const play = root.querySelector("[data-play]");
    const tray = root.querySelector("[data-tray]");
    const saysBox = root.querySelector("[data-says]");
    const wording = root.querySelector("[data-wording-line]");
    const count = root.querySelector("[data-count]");
    const hidden = root.querySelector("[data-rows]");
    const selects = [...root.querySelectorAll("select[data-card]")];
    const places = [...root.querySelectorAll("[data-place]")];
    const cards = new Map(selects.map((box) => [box.dataset.card, { key: box.dataset.card, name: box.dataset.said, wording: box.dataset.wording, box }]));
    const at = new Map(); // place -> key of a card
    let picked = null;
    let drag = null;

    const row = (place) => Number(place.dataset.row);
    const placeOf = (key) => places.find((place) => at.get(place) === key) || null;
    const rows = () => Object.fromEntries(places.filter((place) => at.has(place)).map((place) => [at.get(place), row(place)]));
    const say = (words) => { saysBox.textContent = saysBox.textContent === words ? `${words} ` : words; };

    const fill = (given) => {
      at.clear();
      for (const [key, wanted] of Object.entries(given)) {
        const free = places.find((place) => row(place) === Number(wanted) && !at.has(place));
        if (cards.has(key) && free) at.set(free, key);
      }
    };

    const draw = () => {
      root.classList.toggle("has-picked", picked !== null);
      for (const place of places) {
        const key = at.get(place);
        const card = cards.get(key);
        place.textContent = card ? card.name : "";
        place.classList.toggle("is-full", Boolean(card));
        place.classList.toggle("is-picked", Boolean(card) && key === picked);
        place.setAttribute("aria-label", card ? `${card.name}: ${place.dataset.where}${key === picked ? ", chosen" : ""}` : `Empty: ${place.dataset.where}`);
      }
      const loose = [...cards.values()].filter((card) => !placeOf(card.key));
      for (const old of [...tray.children]) if (!loose.some((card) => card.key === old.dataset.card)) old.remove();
      loose.forEach((card, index) => {
        let button = [...tray.children].find((each) => each.dataset.card === card.key);
        if (!button) {
          button = document.createElement("button");
          button.type = "button";
          button.className = "board-card";
          button.dataset.card = card.key;
          button.textContent = card.name;
        }
        button.classList.toggle("is-picked", card.key === picked);
        button.setAttribute("aria-pressed", card.key === picked ? "true" : "false");
        if (tray.children[index] !== button) tray.insertBefore(button, tray.children[index] || null);
      });
      wording.textContent = picked ? cards.get(picked).wording || cards.get(picked).name : "";
      const left = cards.size - at.size;
      count.textContent = left ? `${at.size} of ${cards.size} placed.` : "All nine are placed. Move any that you would rather have elsewhere.";
      tray.hidden = !loose.length;
      play.classList.toggle("is-whole", !loose.length && picked === null);
    };

    const keep = (quiet) => {
      const now = rows();
      for (const card of cards.values()) card.box.value = now[card.key] ? String(now[card.key]) : "";
      hidden.value = JSON.stringify(now);
      draw();
      if (!quiet) root.dispatchEvent(new CustomEvent("diamond:changed", { bubbles: true, detail: { rows: now, whole: Object.keys(now).length === cards.size } }));
    };

    const pick = (key, byKeyboard) => {
      picked = key;
      draw();
      if (key === null) return;
      const card = cards.get(key);
      const here = placeOf(key);
      say(`${card.name}: chosen. ${card.wording}. Now choose its place.`);
      if (byKeyboard) (here || places.find((place) => !at.has(place)) || places[0]).focus();
    };

    // Puts the chosen card there; what stood there goes where it came from.
    const put = (place, byKeyboard) => {
      const from = placeOf(picked);
      const other = at.get(place);
      const card = cards.get(picked);
      if (from) at.delete(from);
      at.set(place, picked);
      if (other && other !== picked && from) at.set(from, other);
      picked = null;
      keep();
      const moved = other && other !== card.key ? ` ${cards.get(other).name} ${from ? "takes its place" : "is to be placed again"}.` : "";
      const left = cards.size - at.size;
      say(`${card.name}: row ${row(place)} of 5, ${place.dataset.means}.${moved} ${left ? `${left} left to place.` : "All nine are placed."}`);
      if (byKeyboard) (tray.querySelector("button") || place).focus();
    };

    const takeOut = (key) => {
      const from = placeOf(key);
      if (from) at.delete(from);
      picked = null;
      keep();
      say(`${cards.get(key).name}: taken off the diamond.`);
    };

    root.addEventListener("click", (event) => {
      if (drag?.moved) return;
      const byKeyboard = event.detail === 0;
      const place = event.target.closest("[data-place]");
      const card = event.target.closest("[data-tray] button");
      if (place && picked !== null && at.get(place) !== picked) put(place, byKeyboard);
      else if (place && at.has(place)) pick(at.get(place) === picked ? null : at.get(place), byKeyboard);
      else if (place) say("Choose a card first.");
      else if (card) pick(card.dataset.card === picked ? null : card.dataset.card, byKeyboard);
    });

    // Arrows go from place to place, and from card to card in the tray; Escape lets go; Delete takes a card off.
    const beside = (place, key) => {
      const here = row(place);
      const same = places.filter((each) => row(each) === here);
      const index = same.indexOf(place);
      if (key === "ArrowLeft" || key === "ArrowRight") return same[index + (key === "ArrowRight" ? 1 : -1)] || null;
      const there = places.filter((each) => row(each) === here + (key === "ArrowDown" ? 1 : -1));
      const middle = index - (same.length - 1) / 2;
      return there[Math.max(0, Math.min(there.length - 1, Math.round(middle + (there.length - 1) / 2)))] || null;
    };
    root.addEventListener("keydown", (event) => {
      const place = event.target.closest("[data-place]");
      const card = event.target.closest("[data-tray] button");
      if (event.key === "Escape" && picked !== null) {
        const back = [...tray.children].find((each) => each.dataset.card === picked) || placeOf(picked);
        picked = null;
        draw();
        say("Let go.");
        back?.focus();
      } else if (place && (event.key === "Delete" || event.key === "Backspace") && at.has(place)) {
        event.preventDefault();
        takeOut(at.get(place));
      } else if (event.key.startsWith("Arrow") && (place || card)) {
        const all = [...tray.children];
        const step = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1;
        const next = place ? beside(place, event.key) || (event.key === "ArrowDown" ? all[0] : null) : all[all.indexOf(card) + step] || (step < 0 ? places[places.length - 1] : null);
        event.preventDefault();
        next?.focus();
      }
    });

    // Dragging: a mouse at once, a finger after a moment's rest, so that the page can still be scrolled.
    const under = (x, y) => document.elementFromPoint(x, y)?.closest("[data-place]");
    const lift = () => {
      drag.moved = true;
      picked = drag.key;
      drag.ghost = document.createElement("div");
      drag.ghost.className = "board-flying";
      drag.ghost.textContent = cards.get(drag.key).name;
      drag.ghost.setAttribute("aria-hidden", "true");
      document.body.append(drag.ghost);
      draw();
    };
    const follow = (x, y) => {
      drag.ghost.style.transform = `translate(${x - drag.ghost.offsetWidth / 2}px, ${y - drag.ghost.offsetHeight - 6}px)`;
      const there = under(x, y);
      for (const place of places) place.classList.toggle("is-over", place === there && root.contains(place));
    };
    const settle = () => {
      clearTimeout(drag?.bell);
      drag?.ghost?.remove();
      for (const place of places) place.classList.remove("is-over");
    };
    root.addEventListener("pointerdown", (event) => {
      const place = event.target.closest("[data-place]");
      const key = place ? at.get(place) : event.target.closest("[data-tray] button")?.dataset.card;
      if (event.button !== 0 || !key) { drag = null; return; }
      const finger = event.pointerType === "touch";
      drag = { key, x: event.clientX, y: event.clientY, id: event.pointerId, finger, moved: false };
      if (finger) {
        drag.bell = setTimeout(() => { lift(); follow(drag.x, drag.y); navigator.vibrate?.(10); }, HOLD);
      }
    });
    addEventListener("pointermove", (event) => {
      if (!drag || drag.id !== event.pointerId || drag.over) return;
      const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
      if (!drag.moved && far) {
        if (drag.finger) { clearTimeout(drag.bell); drag = null; return; }
        lift();
      }
      if (drag.moved) follow(event.clientX, event.clientY);
    });
    addEventListener("pointerup", (event) => {
      if (!drag || drag.id !== event.pointerId || drag.over) return;
      settle();
      drag.over = true;
      if (!drag.moved) { drag = null; return; }
      const there = under(event.clientX, event.clientY);
      if (there && root.contains(there) && at.get(there) !== picked) put(there);
      else if (!there && placeOf(picked)) takeOut(picked);
      else { picked = null; draw(); }
      setTimeout(() => { drag = null; }); // the click that follows a drag is no choice
    });
    addEventListener("pointercancel", (event) => {
      if (!drag || drag.id !== event.pointerId) return;
      settle();
      if (drag.moved) { picked = null; draw(); }
      drag = null;
    });
    root.addEventListener("touchmove", (event) => { if (drag?.moved) event.preventDefault(); }, { passive: false });
    root.addEventListener("contextmenu", (event) => { if (drag?.finger) event.preventDefault(); });

    root.addEventListener("diamond:fill", (event) => { picked = null; fill(event.detail.rows); keep(true); });
    fill(Object.fromEntries(selects.filter((box) => box.value).map((box) => [box.dataset.card, box.value])));
    root.querySelector("[data-lists]").hidden = true;
    play.hidden = false;
    keep(true);
    root.dataset.ready = "";
  };

  for (const root of document.querySelectorAll("[data-diamond]")) start(root);
})();
