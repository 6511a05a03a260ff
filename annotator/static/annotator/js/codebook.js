// The codebook editor saves a field when it is left, one save after the other, and shows what the server then knows.

const form = document.getElementById("edit");
let last = Promise.resolve(true);
let waiting = 0;
let unsaved = false;

function say(text, tone = "") {
  const status = document.getElementById("saved");
  status.className = `save ${tone}`;
  status.textContent = text;
}

/** Put what the server drew in place of what stands here, except around the element in focus. */
function refresh(page) {
  for (const fresh of page.querySelectorAll("[data-fresh]")) {
    const old = document.getElementById(fresh.id);
    if (old && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
  }
  for (const input of form.querySelectorAll(".input[id]")) {
    const wrong = page.getElementById(input.id)?.getAttribute("aria-invalid");
    if (wrong) input.setAttribute("aria-invalid", wrong);
    else input.removeAttribute("aria-invalid");
  }
}

/** Who signed in again in another tab has another token than this page was drawn with. */
function renewToken() {
  const [, token] = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie) ?? [];
  if (token) form.elements.csrfmiddlewaretoken.value = token;
}

async function save() {
  say(form.dataset.saving);
  renewToken();
  unsaved = false;
  const saved = await sent();
  if (!saved) unsaved = true;
  return saved;
}

async function sent() {
  try {
    const body = new FormData(form);
    body.set("autosave", "1");
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.ok) {
      say(answer.status === 409 ? form.dataset.changed : form.dataset.refused, "bad");
      return false;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("edit")) {
      say(form.dataset.signedOut, "bad");
      return false;
    }
    refresh(page);
    if (unsaved) say(form.dataset.waiting);
    return true;
  } catch {
    say(form.dataset.failed, "bad");
    return false;
  }
}

function enqueue() {
  waiting += 1;
  last = last.then(save).finally(() => (waiting -= 1));
}

/** Everything that is on its way first: two saves at once would seem to be two editors. */
async function afterSaves(act) {
  if (await last) act();
}

function onChange(event) {
  const { target } = event;
  if (target.form !== form) return;
  if ("redraws" in target.dataset) {
    form.elements.focus.value = target.id;
    form.requestSubmit();
  } else {
    enqueue();
  }
}

function onSubmit(event) {
  if (!waiting) {
    if (event.target !== form) return;
    renewToken();
    unsaved = false;
    form.elements.focus.value ||= document.activeElement?.id ?? "";
    return;
  }
  event.preventDefault();
  const { submitter, target } = event;
  afterSaves(() => target.requestSubmit(submitter));
}

function onClick(event) {
  const link = event.target.closest("a[href]");
  if (!link || !waiting || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  afterSaves(() => location.assign(link.href));
}

/** The element that the address names, its entry opened. */
function goOn() {
  const element = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  element?.closest("details")?.setAttribute("open", "");
  element?.focus();
}

document.addEventListener("change", onChange);
document.addEventListener("submit", onSubmit);
document.addEventListener("click", onClick);
form.addEventListener("input", () => {
  unsaved = true;
  say(form.dataset.waiting);
});
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
goOn();
