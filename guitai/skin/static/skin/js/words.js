// Translated words that the page carries for its scripts.
const store = document.querySelector("template[data-words]");

export const words = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), store?.dataset[name] ?? "");
