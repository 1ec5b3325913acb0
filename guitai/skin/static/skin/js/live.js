// htmx: the CSRF token travels in a header; a lost connection says so and loses nothing that was typed.
import { say } from "./toasts.js";
import { words } from "./words.js";

export const live = (root) => {
  root.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("meta[name=csrf]")?.content;
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  root.addEventListener("htmx:sendError", () => say(words("connection")));
};
