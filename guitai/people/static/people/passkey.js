// Passkeys as an enhancement of an ordinary form. Nothing here is needed to use the page: without JavaScript, or where
// a browser has no passkeys, the button stays hidden and the other way (PIN, password, code) stands beside it.
//
//   <form method="post" data-passkey="get" data-passkey-options="/where/options/come/from/">
//     {% csrf_token %}
//     <input type="hidden" name="credential">
//     <button type="submit" hidden data-passkey-start>…</button>
//     <p role="alert" hidden data-passkey-problem data-cancelled="…words…" data-failed="…words…"></p>
//   </form>
//
// `data-passkey` is "get" (prove) or "create" (enrol). Options come fresh at the moment of pressing, by a POST of the
// form's own fields to `data-passkey-options`, or lie in `data-passkey-request` as JSON. `data-passkey-field` names
// the input that takes the answer (`credential` unless given).

const form = "form[data-passkey]";

function decoded(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function encoded(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function withIds(list) {
  return (list ?? []).map((one) => ({ ...one, id: decoded(one.id) }));
}

function understood(given) {
  const options = given.publicKey ?? given;
  const ready = { ...options, challenge: decoded(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: decoded(options.user.id) };
  if (options.allowCredentials) ready.allowCredentials = withIds(options.allowCredentials);
  if (options.excludeCredentials) ready.excludeCredentials = withIds(options.excludeCredentials);
  return ready;
}

function answered(credential) {
  const said = credential.response;
  const response = { clientDataJSON: encoded(said.clientDataJSON) };
  if (said.attestationObject) {
    response.attestationObject = encoded(said.attestationObject);
    response.transports = said.getTransports?.() ?? [];
  } else {
    response.authenticatorData = encoded(said.authenticatorData);
    response.signature = encoded(said.signature);
    if (said.userHandle) response.userHandle = encoded(said.userHandle);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: encoded(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function options(of) {
  if (of.dataset.passkeyRequest) return JSON.parse(of.dataset.passkeyRequest);
  const answer = await fetch(of.dataset.passkeyOptions, {
    method: "POST",
    body: new URLSearchParams(new FormData(of)),
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return answer.json();
}

function tell(of, problem) {
  const place = of.querySelector("[data-passkey-problem]");
  if (!place) return;
  // The browser says the same whether somebody pressed Cancel, took too long, or has no passkey here.
  place.textContent = problem.name === "NotAllowedError" ? place.dataset.cancelled : place.dataset.failed;
  place.hidden = false;
}

async function start(of, button) {
  button.disabled = true;
  try {
    const publicKey = understood(await options(of));
    const credential = await navigator.credentials[of.dataset.passkey]({ publicKey });
    of.elements[of.dataset.passkeyField ?? "credential"].value = answered(credential);
    of.submit();
  } catch (problem) {
    tell(of, problem);
    button.disabled = false;
  }
}

function enhance(of) {
  const button = of.querySelector("[data-passkey-start]");
  if (!button || !window.PublicKeyCredential) return;
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    start(of, button);
  });
}

document.querySelectorAll(form).forEach(enhance);
