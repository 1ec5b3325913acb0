// Turns a plain numeric password field into dots and a keypad. The field stays what is sent and what has focus.
import { words } from "./words.js";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

const shuffled = (digits) => {
  const mixed = [...digits];
  for (let index = mixed.length - 1; index > 0; index -= 1) {
    const other = crypto.getRandomValues(new Uint32Array(1))[0] % (index + 1);
    [mixed[index], mixed[other]] = [mixed[other], mixed[index]];
  }
  return mixed;
};

const key = (label, spoken, press) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pin-key";
  button.textContent = label;
  if (spoken) button.setAttribute("aria-label", spoken);
  // The keypad must not take focus from the field, nor be a second path for the keyboard.
  button.tabIndex = -1;
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", press);
  return button;
};

const build = (field) => {
  const input = field.querySelector("[data-pin]");
  const dots = field.querySelector("[data-pin-dots]");
  const pad = field.querySelector("[data-pin-keys]");
  const length = Number(field.dataset.length) || 6;

  // A reader hears nothing when a finger presses the pad: say how many digits stand, never which.
  const spoken = document.createElement("span");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  field.append(spoken);
  const press = (value) => {
    change(value);
    spoken.textContent = words("digits", { count: String(input.value.length) });
  };

  const draw = () => {
    [...dots.children].forEach((dot, index) => {
      dot.classList.toggle("is-filled", index < input.value.length);
      dot.classList.toggle("is-next", index === input.value.length && document.activeElement === input);
    });
  };
  const change = (value) => {
    input.value = value.replace(/\D/g, "").slice(0, length);
    draw();
    if (input.value.length < length) return;
    if (field.hasAttribute("data-submit")) input.form?.requestSubmit();
    else nextEmpty(field)?.focus();
  };

  dots.style.setProperty("--pin-length", String(length));
  dots.replaceChildren(...Array.from({ length }, () => {
    const dot = document.createElement("span");
    dot.className = "pin-dot";
    return dot;
  }));
  const digits = field.hasAttribute("data-shuffle") ? shuffled(DIGITS) : DIGITS;
  const digitKeys = digits.map((digit) => key(digit, "", () => press(input.value + digit)));
  const blank = document.createElement("span");
  blank.className = "pin-key is-blank";
  const erase = key("⌫", words("delete"), () => press(input.value.slice(0, -1)));
  pad.replaceChildren(...digitKeys.slice(0, 9), blank, digitKeys[9], erase);

  input.addEventListener("input", () => change(input.value));
  input.addEventListener("blur", draw);
  input.addEventListener("focus", () => {
    showPad(field);
    draw();
  });
  field.classList.add("is-enhanced");
  // A pad on the page is for fingers; with a mouse and keyboard it is only in the way, unless it is shuffled on purpose.
  const touch = matchMedia("(pointer: coarse)").matches;
  if (touch || field.hasAttribute("data-shuffle")) field.dataset.pad = "";
  if (touch) input.inputMode = "none";
  draw();
};

const siblings = (field) => [...(field.closest("form") ?? field.parentElement).querySelectorAll("[data-pin-pad]")];

// One pad at a time: that of the field being filled in.
const showPad = (field) => {
  for (const other of siblings(field)) {
    other.querySelector("[data-pin-keys]").hidden = other !== field || !("pad" in field.dataset);
  }
};

const nextEmpty = (field) => siblings(field)
  .map((other) => other.querySelector("[data-pin]"))
  .find((input) => input.value === "");

export const pinPads = (root) => {
  const fields = [...root.querySelectorAll("[data-pin-pad]:not(.is-enhanced)")];
  fields.forEach(build);
  const active = fields.find((field) => field.contains(document.activeElement)) ?? fields[0];
  if (active) showPad(active);
};
