// A page that waits for the bank looks again by itself, so that nobody has to press reload.
const EVERY_MS = 4000;
const LONGEST_MS = 30 * 60 * 1000;

const head = document.querySelector("[data-waiting]");
const since = Date.now();

const look = async () => {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(head.dataset.waitingAt, { headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).state !== head.dataset.waiting) return location.reload();
    } catch {
      // Offline for a moment: the next look may succeed.
    }
  }
  if (Date.now() - since < LONGEST_MS) setTimeout(look, EVERY_MS);
};

if (head) setTimeout(look, EVERY_MS);
