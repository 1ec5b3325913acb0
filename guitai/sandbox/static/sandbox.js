// Keeps the parts marked data-live current, without touching a form that somebody is filling in.
const PAUSE_MS = 2000;

async function refresh() {
  if (document.hidden) return;
  const live = document.querySelectorAll("[data-live]");
  if (!live.length) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of live) {
      const newer = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (newer && !newer.isEqualNode(part) && !part.contains(document.activeElement)) {
        part.replaceChildren(...newer.childNodes);
      }
    }
  } catch {
    // The sandbox is restarting: the next turn finds it again.
  }
}

setInterval(refresh, PAUSE_MS);
