// Groups thousands while a person types, keeping the caret where it belongs. The server reads grouped amounts.
const FULL_WIDTH = /[０-９．，]/g;
const narrow = (text) => text.replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replaceAll("。", ".");

const grouped = (text, decimals) => {
  const [whole, ...rest] = text.split(".");
  const digits = whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",");
  if (!rest.length || decimals === 0) return digits;
  return `${digits || "0"}.${rest.join("").slice(0, decimals)}`;
};

const meaningful = (text, end) => text.slice(0, end).replace(/[^\d.]/g, "").length;

const caretAfter = (text, count) => {
  let seen = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (seen === count) return index;
    if (/[\d.]/.test(text[index])) seen += 1;
  }
  return text.length;
};

const size = (input) => {
  input.classList.toggle("is-long", input.value.length > 10);
  input.classList.toggle("is-longer", input.value.length > 15);
};

const format = (input) => {
  const typed = narrow(input.value);
  const decimals = Number(input.dataset.decimals ?? 2);
  // What is not an amount of this currency stays as typed, so that the server can say what is wrong with it.
  const readable = /^[\d,\s]*(\.\d*)?$/.test(typed) && (typed.split(".")[1] ?? "").length <= decimals;
  if (!readable) return size(input);
  const count = meaningful(typed, input.selectionStart ?? typed.length);
  input.value = grouped(typed.replace(/[^\d.]/g, ""), decimals);
  const caret = caretAfter(input.value, count);
  if (document.activeElement === input) input.setSelectionRange(caret, caret);
  size(input);
};

export const amountFields = (root) => {
  for (const field of root.querySelectorAll("[data-amount-field]")) {
    const input = field.querySelector("input");
    input.addEventListener("input", (event) => { if (!event.isComposing) format(input); });
    input.addEventListener("compositionend", () => format(input));
    if (input.value) format(input);
    for (const chip of field.querySelectorAll("[data-amount]")) {
      chip.addEventListener("click", () => {
        input.value = chip.dataset.amount;
        format(input);
        input.focus();
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }
};
