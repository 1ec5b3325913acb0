// How hard the password is to guess, while it is typed. The server judges, by the same rule as for the form; without
// JavaScript the form itself says so when it is sent.
const PAUSE_MS = 250;

function enhance(meter) {
  const form = meter.closest("form");
  const field = form?.querySelector("input[data-strength]");
  if (!field) return;
  const words = meter.dataset.words.split("|");
  let waiting, asked = 0;

  const show = (score) => {
    meter.hidden = field.value === "";
    meter.querySelector("meter").value = score;
    meter.querySelector("p").textContent = words[score] ?? "";
    meter.dataset.score = score;
  };

  const ask = async () => {
    const number = ++asked;
    const body = new URLSearchParams({ password: field.value });
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(meter.dataset.strengthUrl, { method: "POST", body, credentials: "same-origin" });
      if (answer.ok && number === asked) show((await answer.json()).score);
    } catch {
      meter.hidden = true;
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    if (field.value === "") return show(0);
    waiting = setTimeout(ask, PAUSE_MS);
  });
}

document.querySelectorAll("[data-strength-meter]").forEach(enhance);
