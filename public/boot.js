// Starts Cadence's program, and looks after the service worker that keeps it for offline use.
//
// What the app may rely on:
// - the program is started where <body> says data-mount, and starts itself when loaded (`#[wasm_bindgen(start)]`); the
//   sketch in #start goes once something else is drawn in the body;
// - when a newer Cadence is ready, <html> carries data-update="ready" and the window gets the event "cadence:update";
// - the app answers with the event "cadence:activate" on the window, when nothing unsaved is on the screen. Only then
//   does the new one take over, and only this page is loaded anew: another page may hold a half-written form.

const PROGRAM = "{{js}}";
const WASM = "{{wasm}}";
const PAGES_STYLE = "{{pages_css}}";
const CHECK_EVERY_MS = 30 * 60 * 1000;
const FIRST_PAUSE_MS = 2000;

guardMarkup();
dressAsChosen();
if (document.body.dataset.mount) start();
else helpWithForms();
keepForOffline();

// Where the browser knows Trusted Types, no text becomes markup or a worker but through here, and none a script: the pages' policy
// says so. What the program draws holds nothing that runs.
function guardMarkup() {
  const runs = /<(script|iframe|frame|object|embed|base|meta|link)\b|[\s"'/]on\w+\s*=|javascript:|srcdoc/i;
  const darkroom = document.querySelector("meta[name=darkroom]")?.content;
  window.trustedTypes?.createPolicy("default", {
    createHTML: (markup) => (runs.test(markup) ? null : markup),
    createScriptURL: (address) => (["/sw.js", darkroom].includes(new URL(address, location).pathname) ? address : null),
  });
}

// Light or dark as somebody chose on this device; otherwise as the system says.
function dressAsChosen() {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}

async function start() {
  keepTypedTextOffTheDisk();
  // Fetched beside the program, and kept from holding up the first page.
  document.head.append(element("link", { rel: "stylesheet", href: PAGES_STYLE }));
  try {
    const program = await import(PROGRAM);
    clearSketchOnceDrawn();
    await program.default({ module_or_path: WASM });
  } catch (error) {
    console.error(error);
    sayItCannotStart(error);
  }
}

// Browsers write what stands in a page's fields into files of their own, to restore it after a crash: open, however well we seal it.
// They leave out fields that are not to be completed.
function keepTypedTextOffTheDisk() {
  const fields = "input, textarea, select";
  const quiet = (field) => field.setAttribute("autocomplete", "off");
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      if (node.matches(fields)) quiet(node);
      node.querySelectorAll(fields).forEach(quiet);
    }
  }).observe(document.body, { childList: true, subtree: true });
}

function clearSketchOnceDrawn() {
  const sketch = document.getElementById("start");
  if (!sketch) return;
  const before = document.body.childElementCount;
  const observer = new MutationObserver(() => {
    if (sketch.isConnected && document.body.childElementCount <= before) return;
    observer.disconnect();
    sketch.remove();
  });
  observer.observe(document.body, { childList: true });
}

function sayItCannotStart(error) {
  document.getElementById("start")?.remove();
  const notice = element("section", { className: "start-notice" });
  notice.setAttribute("role", "alert");
  const reload = element("button", { type: "button", textContent: "Load again" });
  reload.addEventListener("click", loadAgain);
  notice.append(
    element("h1", { textContent: "Cadence could not start" }),
    element("p", { textContent: explanation() }),
    element("p", {
      textContent:
        "Nothing saved on this device is lost. What has not reached the clinic yet stays here and is sent once Cadence opens.",
    }),
    reload,
    element("p", { className: "start-reason", textContent: `The browser says: ${error?.message ?? error}` }),
  );
  document.body.prepend(notice);
  reload.focus();
}

function explanation() {
  if (typeof WebAssembly !== "object") {
    return "This browser does not run WebAssembly, which Cadence is made of. Lockdown Mode on an iPad or iPhone switches it off: allow this site there, or use another browser.";
  }
  if (!navigator.onLine) {
    return "Its program could not be loaded, and this device is offline. Connect it once, then load the page again.";
  }
  return "Its program could not be loaded or stopped while starting.";
}

// A program that does not start holds no unsaved form, so a waiting newer one may take over at once.
async function loadAgain() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.waiting) activate(registration.waiting);
  else location.reload();
}

// Pages the server draws work without this; it adds what a form cannot do by itself.
function helpWithForms() {
  for (const button of document.querySelectorAll("button[data-shows]")) {
    const field = document.getElementById(button.dataset.shows);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
  }
  for (const button of document.querySelectorAll("button[data-copies]")) {
    // Without a secure connection browsers have no clipboard: the line can still be marked and copied by hand.
    if (!navigator.clipboard) continue;
    const [field, words] = [document.getElementById(button.dataset.copies), button.textContent];
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = words), 2000);
    });
  }
  for (const form of document.querySelectorAll("form[data-busy]")) {
    const button = form.querySelector("button[type=submit]");
    const words = button.textContent;
    // Sent twice, the second would only be refused; and who waits wants to see that something happens.
    form.addEventListener("submit", (event) => {
      if (button.getAttribute("aria-disabled") === "true") return event.preventDefault();
      button.setAttribute("aria-disabled", "true");
      button.textContent = form.dataset.busy;
    });
    window.addEventListener("pageshow", () => {
      button.removeAttribute("aria-disabled");
      button.textContent = words;
    });
  }
}

async function keepForOffline() {
  // Absent on plain http:// addresses other than this machine's own: Cadence then works online only.
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const registration = await registered(workers);
  announceUpdates(workers, registration);
  askForUpdates(registration);
  // A page that was being loaded while the worker took charge was passed by.
  const { active } = await workers.ready;
  if (!workers.controller) active.postMessage({ type: "claim" });
}

// A build is kept whole or not at all. Where the network drops while the first one is fetched, the browser itself would try again at
// the next visit only.
async function registered(workers) {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, CHECK_EVERY_MS)) {
    try {
      const registration = await workers.register("/sw.js", { updateViaCache: "none" });
      if (registration.active || (await isInstalled(registration.installing ?? registration.waiting))) return registration;
      throw new Error("not all of it was fetched and stored");
    } catch (error) {
      console.warn("Cadence could not be kept for offline use, and tries again:", error);
    }
    await new Promise((over) => {
      setTimeout(over, pause);
      window.addEventListener("online", over, { once: true });
    });
  }
}

function isInstalled(worker) {
  return new Promise((is) => {
    const tell = () => {
      if (!worker || worker.state === "redundant") is(false);
      else if (worker.state !== "parsed" && worker.state !== "installing") is(true);
    };
    tell();
    worker?.addEventListener("statechange", tell);
  });
}

let updateAsked = false;

function announceUpdates(workers, registration) {
  const announce = () => {
    document.documentElement.dataset.update = "ready";
    window.dispatchEvent(new CustomEvent("cadence:update"));
  };

  // A worker that waits while another is in charge is an update; the very first one is not.
  const watch = (worker) =>
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && registration.active) announce();
    });
  if (registration.waiting && registration.active) announce();
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));

  let controlled = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    if (updateAsked) location.reload();
    // Another page let the new one in. This one goes on with what it has loaded, and may change over when it suits.
    else if (controlled) announce();
    controlled = true;
  });

  window.addEventListener("cadence:activate", () => {
    if (registration.waiting) activate(registration.waiting);
    else location.reload();
  });
}

function activate(worker) {
  updateAsked = true;
  worker.postMessage({ type: "activate" });
}

// The browser's own check comes late or not at all, and an installed app is seldom loaded anew.
function askForUpdates(registration) {
  let asked = -CHECK_EVERY_MS;
  const ask = () => {
    if (document.visibilityState !== "visible" || performance.now() - asked < CHECK_EVERY_MS) return;
    asked = performance.now();
    registration.update().catch(() => {}); // offline: asked again next time
  };
  if (registration.active) ask();
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("online", ask);
  setInterval(ask, CHECK_EVERY_MS);
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
