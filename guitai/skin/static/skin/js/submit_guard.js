// A form is sent once. Idempotency keys make a second sending harmless; this makes it not happen.
const busy = (form, submitter) => {
  form.dataset.sending = "";
  const button = submitter ?? form.querySelector("button[type=submit], button:not([type])");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  const words = button.dataset.busy;
  if (words) {
    const label = button.querySelector("span") ?? button;
    button.dataset.label = label.textContent;
    label.textContent = words;
  }
};

const ready = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    if (button.dataset.label) (button.querySelector("span") ?? button).textContent = button.dataset.label;
  }
};

export const submitGuard = (root) => {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-guard]") || event.defaultPrevented) return;
    if ("sending" in form.dataset) return event.preventDefault();
    busy(form, event.submitter);
  });
  // Coming back with the back button shows the page as it was left: buttons must work again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(ready);
  });
  root.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-sending]");
    if (form) ready(form);
  });
};
