// Every behaviour makes a working page nicer; none is needed for it to work.
import { amountFields } from "./amount_field.js";
import { balance } from "./balance.js";
import { copying } from "./copy.js";
import { fileFields } from "./file_field.js";
import { keys } from "./keys.js";
import { live } from "./live.js";
import { pinPads } from "./pin_pad.js";
import { printing } from "./print.js";
import { sheets } from "./sheet.js";
import { submitGuard } from "./submit_guard.js";
import { toasts } from "./toasts.js";
import { registerWorker } from "./worker.js";

// Once for the document: these listen at the top, so that content which arrives later is covered too.
for (const listen of [balance, copying, keys, live, printing, sheets, submitGuard]) listen(document);

// Once for each piece of content, now and whenever htmx brings more.
const enhance = (root) => {
  for (const behaviour of [amountFields, pinPads, fileFields, toasts]) behaviour(root);
  root.querySelectorAll("[data-copy][hidden], [data-balance-toggle][hidden], [data-amount-quick][hidden]")
    .forEach((element) => { element.hidden = false; });
};
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));

registerWorker();
