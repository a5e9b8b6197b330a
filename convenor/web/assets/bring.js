/* Files dropped, named before they are sent, and told apart where one is too long. The page works without this. */
(() => {
  "use strict";
  const size = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

  document.querySelectorAll("[data-bring]").forEach((form) => {
    const zone = form.querySelector("[data-zone]");
    const input = form.querySelector("input[type=file]");
    const list = form.querySelector("[data-chosen]");
    const most = Number(form.dataset.most);
    form.querySelector("[data-drop]").hidden = false;

    // Chosen or dropped files join those that are there; one that is too long is named and left behind.
    let held = [];
    const take = (files) => {
      const long = [];
      for (const file of files) {
        if (file.size > most) long.push(file);
        else if (!held.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified)) held.push(file);
      }
      show(long);
    };
    const show = (long) => {
      const kept = new DataTransfer();
      held.forEach((file) => kept.items.add(file));
      input.files = kept.files;
      list.replaceChildren(
        ...held.map((file) => line(`${file.name}, ${size(file.size)}`, file)),
        ...long.map((file) => line(`${file.name} is ${size(file.size)} long, and is left behind: up to ${size(most)} is read.`)),
      );
    };
    const line = (words, file) => {
      const item = document.createElement("li");
      item.append(words);
      if (file) {
        const away = document.createElement("button");
        away.type = "button";
        away.className = "link-button";
        away.textContent = "Leave out";
        away.setAttribute("aria-label", `Leave out ${file.name}`);
        away.addEventListener("click", () => { held = held.filter((one) => one !== file); show([]); input.focus(); });
        item.append(" ", away);
      }
      return item;
    };
    input.addEventListener("change", () => take([...input.files]));
    const over = (event, is) => { event.preventDefault(); zone.classList.toggle("bring__zone--over", is); };
    zone.addEventListener("dragover", (event) => over(event, true));
    zone.addEventListener("dragleave", (event) => over(event, false));
    zone.addEventListener("drop", (event) => { over(event, false); take([...event.dataTransfer.files]); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) show([]); });
  });
})();
