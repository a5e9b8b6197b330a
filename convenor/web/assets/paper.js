// A sheet of paper is typed in: as the nine digits come, each card's row stands beside its name, and a row that is too full is said at once.
// Without this script the same is said when the sheet is sent.
(() => {
  "use strict";
  const SHAPE = [1, 2, 3, 2, 1];

  const wrong = (rows, cards) => {
    const stray = rows.find((row) => !"12345".includes(row));
    if (stray) return `“${stray}” is no row: rows are 1 to 5.`;
    if (rows.length > cards) return `${rows.length} digits, and there are ${cards} cards.`;
    const full = SHAPE.flatMap((size, at) => {
      const held = rows.filter((row) => Number(row) === at + 1).length;
      return held > size ? [`Row ${at + 1} is too full: ${held}, and it has room for ${size}.`] : [];
    });
    return full.join(" ");
  };

  document.querySelectorAll("[data-sheet]").forEach((sheet) => {
    const box = sheet.querySelector("[data-digits]");
    const says = sheet.querySelector("[data-sheet-says]");
    const places = [...sheet.querySelectorAll("[data-sheet-row]")];
    if (!box || !says) return;
    const draw = () => {
      const rows = [...box.value.replace(/[\s,;]/g, "")];
      places.forEach((place, at) => { place.textContent = rows[at] ? `row ${rows[at]}` : ""; });
      const found = wrong(rows, places.length);
      sheet.classList.toggle("sheet--wrong", Boolean(found));
      const left = places.length - rows.length;
      says.textContent = found || (rows.length === 0 ? "" : left > 0 ? `${left} to come.` : "All nine are in, 1-2-3-2-1.");
    };
    box.addEventListener("input", draw);
    draw();
  });
})();
