export const printing = (root) => root.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});
