// What a browser keeps, opened and sealed with the keys its service worker holds while a page of the clinic is open.

/** Runs in the page. With texts, they are sealed and added to the store; its contents come back, opened, as texts. */
async function inPage({ name, add }) {
  const answer = (request) =>
    new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  const { active } = await navigator.serviceWorker.ready;
  const held = await new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => done(event.data);
    active.postMessage({ type: "give" }, [channel.port2]);
  });
  const key = (first) => (first === 2 ? held.unsent : held.mirror);
  const sealed = await Promise.all(
    (add ?? []).map(async (text) => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, held.unsent, new TextEncoder().encode(text));
      return new Uint8Array([2, ...iv, ...new Uint8Array(body)]).buffer;
    }),
  );
  const database = await answer(indexedDB.open("cadence-2"));
  const store = database.transaction(name, "readwrite").objectStore(name);
  for (const one of sealed) store.add(one);
  const values = await answer(store.getAll());
  database.close();
  const open = async (value) => {
    const bytes = new Uint8Array(value);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(1, 13) }, key(bytes[0]), bytes.slice(13));
    return new TextDecoder().decode(plain);
  };
  return Promise.all(values.map(open));
}

/** A store's contents, opened. */
export function kept(page, name) {
  return page.evaluate(inPage, { name });
}

/** Adds texts to a store, sealed as the app seals what the clinic does not have yet. */
export function addTo(page, name, add) {
  return page.evaluate(inPage, { name, add });
}
