// Copies a reference; the button shows a tick for a moment and the live region says so.
import { say } from "./toasts.js";
import { words } from "./words.js";

const SHOWN_MS = 1600;

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

export const copying = (root) => root.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  event.preventDefault();
  if (await copy(button.dataset.copy)) {
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, SHOWN_MS);
    return say(words("copied"));
  }
  // Without the clipboard (an address without https) select it, so that one key copies it.
  const code = button.parentElement.querySelector("code");
  if (code) getSelection().selectAllChildren(code);
});
