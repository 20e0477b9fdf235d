// Passkeys on the pages the server draws: asks the browser for one, and sends what it answers with the form.
//
// Each form says by data-passkey what it is for ("use" or "make"), and by data-options where the challenge comes from.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  // Without a secure connection, or in an old browser, there are none: the form stays hidden.
  if (!window.PublicKeyCredential || !navigator.credentials) continue;
  form.hidden = false;
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const button = form.querySelector("button");
    button.setAttribute("aria-disabled", "true");
    say(form, "");
    try {
      await fill(form);
      form.submit();
    } catch (error) {
      say(form, explanation(error));
      busy = false;
      button.removeAttribute("aria-disabled");
    }
  });
}

async function fill(form) {
  const response = await fetch(form.dataset.options, { method: "POST", cache: "no-store" });
  if (!response.ok) throw new Error("The clinic’s server gave no answer that can be used. Load this page again.");
  const { challenge, options } = await response.json();
  const asked = options.publicKey;
  const belongsTo = asked.rpId ?? asked.rp.id;
  if (location.hostname !== belongsTo && !location.hostname.endsWith(`.${belongsTo}`)) {
    throw new Error(`Passkeys of this clinic belong to the address “${belongsTo}”. Open Cadence there.`);
  }
  asked.challenge = toBytes(asked.challenge);
  for (const known of [...(asked.excludeCredentials ?? []), ...(asked.allowCredentials ?? [])]) known.id = toBytes(known.id);
  if (form.dataset.passkey === "make") {
    asked.user.id = toBytes(asked.user.id);
    form.elements.answer.value = JSON.stringify(written(await navigator.credentials.create({ publicKey: asked })));
  } else {
    form.elements.challenge.value = challenge;
    form.elements.answer.value = JSON.stringify(written(await navigator.credentials.get({ publicKey: asked })));
  }
}

// As the server reads it. Browsers write it themselves only since lately.
function written(credential) {
  const { response } = credential;
  const parts = ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"];
  const texts = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
  const transports = response.getTransports ? { transports: response.getTransports() } : {};
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    extensions: {},
    response: { ...Object.fromEntries(texts), ...transports },
  };
}

function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function toText(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function say(form, words) {
  const place = form.querySelector("[role=alert]");
  place.textContent = words;
  place.hidden = !words;
}

function explanation(error) {
  if (error.name === "InvalidStateError") return "This device holds a passkey of yours already.";
  if (error.name === "NotAllowedError") return "No passkey was used. Try again, or sign in another way.";
  return error.message || "The browser could not use a passkey.";
}
