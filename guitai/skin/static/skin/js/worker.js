// The worker shows the offline page. A browser that has none loses nothing else.
export const registerWorker = () => {
  const address = document.body.dataset.worker;
  if (!address || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => navigator.serviceWorker.register(address).catch(() => undefined));
};
