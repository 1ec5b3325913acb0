// Short news in a live region. They leave by themselves; nobody loses one that still has the pointer on it.
const STAY_MS = 6000;
const LEAVE_MS = 220;

const leave = (toast) => {
  if (toast.matches(":hover, :focus-within")) return setTimeout(() => leave(toast), STAY_MS / 2);
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), LEAVE_MS);
};

const isGrave = (toast) => toast.matches(".is-error, .is-danger");

export const say = (text) => {
  if (!text) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.textContent = text;
  document.querySelector("[data-toasts]")?.append(toast);
  setTimeout(() => leave(toast), STAY_MS / 2);
};

export const toasts = (root) => {
  for (const toast of root.querySelectorAll("[data-toast]")) {
    toast.addEventListener("click", () => leave(toast));
    if (!isGrave(toast)) setTimeout(() => leave(toast), STAY_MS);
  }
};
