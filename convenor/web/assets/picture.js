/* A picture for a slide as PNG: the very drawing that can be downloaded as SVG, put on a canvas here. Nothing is sent anywhere. Without
   this file the SVG is there alone. */
(() => {
  "use strict";
  const says = document.querySelector("[data-picture-says]");
  const tell = (text) => { if (says) says.textContent = text; };

  const drawn = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const picture = new Image();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await answer.text())}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1920, 1080];
    canvas.getContext("2d").drawImage(picture, 0, 0, 1920, 1080);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };

  for (const button of document.querySelectorAll("button[data-picture]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await drawn(button.dataset.picture));
        link.download = button.dataset.name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
        tell("The picture was made.");
      } catch {
        tell("The picture could not be made here. The SVG holds the same drawing.");
      }
      button.disabled = false;
    });
  }
})();
