// What is typed into a form is kept while it is typed, and offered again when somebody comes back.
const WAIT = 1500;

const watch = (form) => {
  const state = form.querySelector("[data-draft-state]");
  let timer = 0;
  let sent = false;
  const say = (words) => {
    if (state) state.textContent = words || "";
  };
  const keep = async () => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.set("draft", form.dataset.draft);
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST", body, credentials: "same-origin", keepalive: true, headers: { "X-Requested-With": "draft" },
      });
      if (!sent) say(answer.ok ? state?.dataset.kept : "");
    } catch {
      say("");
    }
  };
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  form.addEventListener("input", () => {
    stop();
    timer = setTimeout(() => { timer = 0; keep(); }, WAIT);
  });
  form.addEventListener("submit", () => {
    sent = true;
    stop();
  });
  // Whoever leaves in the middle of a word loses nothing either.
  addEventListener("pagehide", () => {
    if (timer && !sent) keep();
    stop();
  });
};

document.querySelectorAll("form[data-draft]").forEach(watch);
