// A search box that suggests (WAI-ARIA combobox with a list): arrows choose, Enter opens, Escape closes.
const chosen = "is-chosen";

const options = (finder) => [...finder.querySelectorAll("[role=option]")];

const choose = (finder, option) => {
  const input = finder.querySelector("[role=combobox]");
  for (const other of options(finder)) {
    other.classList.toggle(chosen, other === option);
    other.setAttribute("aria-selected", String(other === option));
  }
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
};

const show = (finder, open) => {
  finder.querySelector(".finder-panel").hidden = !open;
  finder.querySelector("[role=combobox]").setAttribute("aria-expanded", String(open));
  if (!open) choose(finder, null);
};

const step = (finder, by) => {
  const all = options(finder);
  if (!all.length) return;
  const at = all.findIndex((option) => option.classList.contains(chosen));
  // Beyond the last and before the first stands the box itself.
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
  choose(finder, all[next] ?? null);
};

const typed = (finder) => finder.querySelector("[role=combobox]").value.trim();

document.addEventListener("keydown", (event) => {
  const finder = event.target.closest?.("[data-finder]");
  if (!finder || event.isComposing || event.target.getAttribute("role") !== "combobox") return;
  const open = !finder.querySelector(".finder-panel").hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!open && options(finder).length && typed(finder)) show(finder, true);
    if (finder.querySelector(".finder-panel").hidden) return;
    event.preventDefault();
    step(finder, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && open) {
    event.preventDefault();
    show(finder, false);
  } else if (event.key === "Enter" && open) {
    const option = finder.querySelector(`.${chosen}`);
    if (!option) return;
    event.preventDefault();
    option.click();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const finder = event.detail.target.closest?.("[data-finder]");
  if (!finder) return;
  const list = finder.querySelector("[role=listbox]");
  finder.querySelector("[data-finder-status]").textContent = list?.dataset.said ?? "";
  show(finder, document.activeElement?.closest("[data-finder]") === finder && typed(finder) !== "");
});

document.addEventListener("focusout", (event) => {
  const finder = event.target.closest?.("[data-finder]");
  if (finder && !finder.contains(event.relatedTarget)) show(finder, false);
});

document.addEventListener("mousedown", (event) => {
  // A click on a suggestion must not first close the list by taking the focus away.
  if (event.target.closest?.(".finder-option")) event.preventDefault();
});
