/* The area map, made livelier: moving, zooming and a popup for each school. The drawn map and the list work without it. */
(() => {
  "use strict";
  const drawn = document.querySelector("[data-map]");
  if (!drawn || typeof L === "undefined") return;

  const SIZE = 5;
  const corners = (count, radius, turn = -Math.PI / 2) =>
    Array.from({ length: count }, (_, n) => [radius * Math.cos(turn + (2 * Math.PI * n) / count), radius * Math.sin(turn + (2 * Math.PI * n) / count)]);
  const star = corners(5, 8).flatMap((outer, n) => [outer, corners(5, 3.5, -Math.PI / 2 + Math.PI / 5)[n]]);
  const SHAPES = {
    square: [[-SIZE, -SIZE], [SIZE, -SIZE], [SIZE, SIZE], [-SIZE, SIZE]],
    diamond: corners(4, 6.5),
    triangle: corners(3, 7),
    pentagon: corners(5, 6),
    star,
    cross: [[-2, -6], [2, -6], [2, -2], [6, -2], [6, 2], [2, 2], [2, 6], [-2, 6], [-2, 2], [-6, 2], [-6, -2], [-2, -2]],
  };

  // A canvas marker in the shape of its phase, so that no phase is told by colour alone.
  const Shape = L.CircleMarker.extend({
    _updatePath() {
      const form = SHAPES[this.options.shape];
      if (!form) return L.CircleMarker.prototype._updatePath.call(this);
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const context = renderer._ctx;
      const grow = this.options.grow || 1;
      context.beginPath();
      form.forEach(([x, y], n) => context[n ? "lineTo" : "moveTo"](this._point.x + x * grow, this._point.y + y * grow));
      context.closePath();
      renderer._fillStroke(context, this);
    },
  });

  const style = getComputedStyle(document.documentElement);
  const colour = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;

  fetch(drawn.dataset.map, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`${answer.status}`))))
    .then((area) => {
      const place = document.createElement("div");
      place.className = "map";
      place.setAttribute("role", "application");
      place.setAttribute("aria-label", `${drawn.dataset.title}. The list beside it says the same.`);
      drawn.before(place);
      drawn.classList.add("map-drawn--on-paper");
      const map = L.map(place, { preferCanvas: true, attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false, keyboard: true });
      place.addEventListener("click", () => map.scrollWheelZoom.enable());
      place.addEventListener("mouseleave", () => map.scrollWheelZoom.disable());
      const outline = L.geoJSON(area.outlines, { interactive: false, style: { color: "#8b8578", weight: 1.5, fillColor: "#ffffff", fillOpacity: 1 } }).addTo(map);
      const marks = new Map();
      const group = L.featureGroup();
      area.schools.forEach((school) => {
        const mark = new Shape([school.latitude, school.longitude], {
          shape: school.shape, radius: SIZE - 0.5, weight: 1, color: "#fbfaf7", fillColor: colour(`--map-${school.shape}`, "#0f4c5c"), fillOpacity: 0.95,
        });
        mark.bindPopup(() => {
          const box = document.createElement("div");
          const link = document.createElement("a");
          link.href = school.href;
          link.textContent = school.name;
          const phase = document.createElement("div");
          phase.textContent = school.phase;
          box.append(link, phase);
          return box;
        }, { autoPanPadding: [24, 24] });
        mark.addTo(group);
        marks.set(school.urn, mark);
      });
      group.addTo(map);
      const everything = L.featureGroup([outline, group]);
      const bounds = everything.getBounds();
      if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12], animate: false });

      // The list and the map point at each other.
      const show = (event) => {
        const line = event.target.closest("[data-school]");
        const mark = line && marks.get(line.dataset.school);
        if (mark) mark.openPopup();
      };
      document.querySelectorAll("[data-school]").forEach((line) => {
        line.addEventListener("focusin", show);
        line.addEventListener("mouseenter", show);
      });
    })
    .catch(() => { /* the drawn map stays */ });
})();
