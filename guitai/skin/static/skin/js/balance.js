// Hides amounts from people who look over a shoulder; remembered in a cookie so that the server paints it hidden.
import { words } from "./words.js";

const YEAR_S = 31536000;
const root = document.documentElement;
const hidden = () => root.dataset.balance === "hidden";

const label = () => {
  for (const button of document.querySelectorAll("[data-balance-toggle]")) {
    button.setAttribute("aria-label", words(hidden() ? "show" : "hide"));
  }
};

export const balance = (document_) => {
  label();
  document_.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-balance-toggle]")) return;
    if (hidden()) delete root.dataset.balance;
    else root.dataset.balance = "hidden";
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `guitai_balance=${hidden() ? "hidden" : "shown"}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
    label();
  });
};
