// Keeps Cadence's program on the device, so that it opens without a network at any address.
//
// The clinic's data is not its business: charts, photos and what waits to be sent live in IndexedDB, and requests
// to /api and /live pass it by untouched, as do signed documents and pictures.

const BUILD = "{{build}}";
const PREFIX = "cadence-";
const CACHE = PREFIX + BUILD;
const SHELL = "/index.html";

/** Everything this build consists of. */
const PRECACHE = "{{precache}}";

/** Pages the server draws itself. Without a network the shell stands in and says what works offline. */
const SERVER_PAGES = ["/sign-in", "/invitation", "/account", "/carriers", "/elsewhere"];

/** Never answered from here. */
const NEVER = ["/api", "/live", "/health", "/consents", "/photos", "/shared", "/me", "/accounts.csv", "/quarantine"];

self.addEventListener("install", (event) => event.waitUntil(keepThisBuild()));
// Without `waitUntil`: Safari's engine now and then never hears that it is over, and the worker would be "activating" for ever.
self.addEventListener("activate", () => takeCharge());
self.addEventListener("fetch", (event) => {
  const answer = answerTo(event.request);
  if (answer) event.respondWith(answer);
});

// A newer build waits until the person says so: changing the program under a half-written form would lose it.
self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") self.skipWaiting();
  if (event.data?.type === "claim") event.waitUntil(self.clients.claim());
  keepKeys(event);
});

/** The keys to what this browser keeps, so that a reload does not ask for the PIN. In memory only, never written down. */
let keys = null;
let forget = 0;
const KEYS_LAST_MS = 60_000;

/** Pages say "hold" again and again while they are open; a minute after the last one it is locked. */
function keepKeys(event) {
  const { type, mirror, unsent } = event.data ?? {};
  if (type === "give") event.ports[0]?.postMessage(keys ?? {});
  if (type !== "hold" && type !== "drop") return;
  clearTimeout(forget);
  keys = type === "hold" ? { mirror, unsent } : null;
  if (keys) forget = setTimeout(() => (keys = null), KEYS_LAST_MS);
}

/** All or nothing: a build with a piece missing must never be installed. */
async function keepThisBuild() {
  const cache = await caches.open(CACHE);
  // Hashed files may come from the browser's own cache. The rest has fixed names, and is asked for anew.
  const requests = PRECACHE.map((address) => new Request(address, { cache: isHashed(address) ? "default" : "reload" }));
  try {
    await cache.addAll(requests);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function takeCharge() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  // So that the first visit already works offline, and the page that let this build in can load it.
  await self.clients.claim();
}

/** A promise of a response, or nothing to let the browser ask the server as if this worker were not there. */
function answerTo(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return undefined;
  if (NEVER.some((path) => isUnder(url.pathname, path))) return undefined;

  if (PRECACHE.includes(url.pathname)) return kept(url.pathname, request);
  if (request.mode !== "navigate") return undefined;
  if (SERVER_PAGES.some((path) => isUnder(url.pathname, path))) {
    return fetch(request).catch(() => kept(SHELL, request));
  }
  return kept(SHELL, request);
}

/** The kept file; from the network if the browser has thrown it away. */
async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(address === SHELL ? SHELL : request);
}

function isUnder(path, folder) {
  return path === folder || path.startsWith(folder + "/");
}

function isHashed(address) {
  return address.startsWith("/pkg/");
}
