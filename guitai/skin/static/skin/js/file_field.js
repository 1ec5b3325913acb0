// Shows what was chosen before it is sent: name, size, and the picture itself, drawn on a canvas.
const BYTES_MAX = 10 * 1024 * 1024;
const THUMB = 88;

const sizeText = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

const thumbnail = async (file) => {
  const canvas = document.createElement("canvas");
  canvas.className = "file-thumb";
  canvas.width = canvas.height = THUMB;
  if (!file.type.startsWith("image/")) return canvas;
  try {
    const picture = await createImageBitmap(file);
    const side = Math.min(picture.width, picture.height);
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
    canvas.getContext("2d").drawImage(picture, left, top, side, side, 0, 0, THUMB, THUMB);
    picture.close();
  } catch {
    // Not a picture after all: the empty square stays and the server says what it is.
  }
  return canvas;
};

const span = (className, text) => Object.assign(document.createElement("span"), { className, textContent: text });

const list = async (input, target) => {
  const items = await Promise.all([...input.files].map(async (file) => {
    const item = document.createElement("li");
    item.className = file.size > BYTES_MAX ? "file-item is-too-large" : "file-item";
    item.append(await thumbnail(file), span("file-name", file.name), span("file-size", sizeText(file.size)));
    return item;
  }));
  target.replaceChildren(...items);
};

export const fileFields = (root) => {
  for (const field of root.querySelectorAll("[data-file-field]")) {
    const input = field.querySelector("input[type=file]");
    const target = field.querySelector("[data-file-list]");
    if (!input) continue;
    input.addEventListener("change", () => list(input, target));
    const drop = field.querySelector(".file-drop");
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, () => drop.classList.add("is-over"));
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("is-over"));
  }
};
