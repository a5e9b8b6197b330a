/* The passkey ceremony: a form with data-passkey="make" or "give" asks the browser for a passkey when its button is pressed, and sends what
   the browser answers. Options stand in data-options, or are fetched from data-options-at at the press. Without this file, or in a browser
   without passkeys, the parts marked data-passkey-only stay hidden and the other ways in remain. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) {
    document.querySelectorAll("[data-passkey-without]").forEach((part) => { part.hidden = false; });
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => buffer ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : null;
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (options) => {
    const made = await navigator.credentials.create({ publicKey: {
      ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    } });
    return whole(made, {
      clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  };
  const give = async (options) => {
    const given = await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) } });
    return whole(given, {
      clientDataJSON: text(given.response.clientDataJSON), authenticatorData: text(given.response.authenticatorData),
      signature: text(given.response.signature), userHandle: text(given.response.userHandle),
    });
  };
  const whole = (one, response) => ({
    id: one.id, rawId: text(one.rawId), type: one.type, authenticatorAttachment: one.authenticatorAttachment,
    clientExtensionResults: one.getClientExtensionResults(), response,
  });

  const WRONG = {
    NotAllowedError: "Nothing was given in time, or it was cancelled. Try again, or use another way.",
    InvalidStateError: "This device has a passkey for you here already.",
    SecurityError: "This address cannot use passkeys. They need a name, not a number, and a secure connection.",
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    const says = form.querySelector("[data-passkey-says]");
    const button = form.querySelector("button");
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      button.disabled = true;
      says.textContent = "";
      try {
        let options = form.dataset.options ? JSON.parse(form.dataset.options) : null;
        if (!options) {
          const answer = await fetch(form.dataset.optionsAt, { headers: { Accept: "application/json" }, credentials: "same-origin" });
          if (!answer.ok) throw new Error("The site did not answer. Wait a minute, then try again.");
          options = await answer.json();
        }
        const done = await (form.dataset.passkey === "make" ? make : give)(options.publicKey);
        form.elements.credential.value = JSON.stringify(done);
        form.requestSubmit ? form.requestSubmit() : form.submit();
      } catch (error) {
        says.textContent = WRONG[error.name] || error.message || "That did not work. Try again, or use another way.";
      }
      button.disabled = false;
    });
  });
})();
