// A key that focuses a field (data-key on an input) or presses a link or button (data-press-key).
const typing = (element) => element?.matches?.("input, textarea, select, [contenteditable]");

export const keys = (root) => root.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const name = CSS.escape(event.key);
  const field = document.querySelector(`[data-key="${name}"]`);
  const control = document.querySelector(`[data-press-key="${name}"]`);
  if (!field && !control) return;
  event.preventDefault();
  if (field) field.focus();
  else control.click();
});
