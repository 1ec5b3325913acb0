// A sheet opens as a modal dialog. Without this file its link opens it as the address's target.
const sheetOf = (link) => {
  const id = link.hash?.slice(1);
  const target = id ? document.getElementById(id) : null;
  return target?.matches("dialog[data-sheet]") ? target : null;
};

const open = (sheet) => {
  if (!sheet.open) sheet.showModal();
};

export const sheets = (root) => {
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link?.matches("[data-sheet-close]")) {
      event.preventDefault();
      link.closest("dialog").close();
      if (location.hash) history.replaceState(null, "", location.pathname + location.search);
      return;
    }
    const sheet = link && link.getAttribute("href").startsWith("#") ? sheetOf(link) : null;
    if (sheet) {
      event.preventDefault();
      return open(sheet);
    }
    // A press on the veil beside the sheet closes it.
    if (event.target.matches?.("dialog[data-sheet]")) event.target.close();
  });
  const first = location.hash ? sheetOf(location) : null;
  if (first) open(first);
};
