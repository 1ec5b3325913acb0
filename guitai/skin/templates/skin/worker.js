// Keeps the offline page and drawings. Pages, amounts and answers are never kept: they must be true or absent.
const STORE = "guitai-{{ version }}";
const OFFLINE = "{{ offline }}";
const KEPT = [{% for address in kept %}"{{ address }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const ASSETS = ["{{ static }}", "/skin/"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name.startsWith("guitai-") && name !== STORE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(forget());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (ASSETS.some((beginning) => address.pathname.startsWith(beginning))) {
    event.respondWith(asset(event.request));
  }
});

// Fresh first: an asset without a hash in its name may change. The copy is for when there is no network.
async function asset(request) {
  const store = await caches.open(STORE);
  try {
    const answer = await fetch(request);
    if (answer.ok) store.put(request, answer.clone());
    return answer;
  } catch (failure) {
    const copy = await store.match(request);
    if (copy) return copy;
    throw failure;
  }
}
