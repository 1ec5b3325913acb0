// The suggested reply goes into the box under the thread, after what stands there already.
for (const button of document.querySelectorAll("[data-insert]")) {
  button.addEventListener("click", () => {
    const draft = document.getElementById(button.dataset.insert).value;
    const box = document.querySelector("#reply textarea[name=words]");
    if (!box) return;
    box.value = box.value.trim() ? `${box.value.trimEnd()}\n\n${draft}` : draft;
    box.rows = Math.max(box.rows, 12);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  });
}
