// The codebook editor saves a field when it is left, one save after the other, and shows what the server then knows.

import { letDrag } from "./drag.js";

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
    if (old && !old.contains(document.activeElement) && !old.querySelector(".lifted")) old.replaceWith(document.adoptNode(fresh));
  }
  for (const input of form.querySelectorAll(".input[id]")) {
    const wrong = page.getElementById(input.id)?.getAttribute("aria-invalid");
    if (wrong) input.setAttribute("aria-invalid", wrong);
    else input.removeAttribute("aria-invalid");
  }
  if ("key" in document.activeElement.dataset) checkKey(document.activeElement);
}

/** Who signed in again in another tab has another token than this page was drawn with. */
function renewToken() {
  const [, token] = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie) ?? [];
  if (token) form.elements.csrfmiddlewaretoken.value = token;
}

/** Put the list as the server has it now in place of the one whose rows were moved; what is open stays open. */
function redraw(page, list) {
  const fresh = page.getElementById(list.id);
  const open = new Set([...list.querySelectorAll("details[open]")].map((entry) => entry.dataset.entry));
  for (const entry of fresh.querySelectorAll("details")) entry.open ||= open.has(entry.dataset.entry);
  list.replaceWith(document.adoptNode(fresh));
}

/** The question that is open may have another place now, and another group. */
function follow(page) {
  const action = page.getElementById("edit").getAttribute("action");
  form.setAttribute("action", action);
  history.replaceState(null, "", action);
  form.elements.at.value = page.querySelector("#edit [name=at]").value;
  const group = page.getElementById("group");
  if (group) form.elements.group.value = group.value;
}

async function save(act, list) {
  say(form.dataset.saving);
  renewToken();
  unsaved = false;
  const saved = await sent(act, list);
  if (!saved) unsaved = true;
  return saved;
}

async function sent(act, list) {
  try {
    const body = new FormData(form);
    body.set("autosave", "1");
    if (act) body.set("act", act);
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
    if (list) {
      redraw(page, list);
      follow(page);
    }
    refresh(page);
    if (unsaved) say(form.dataset.waiting);
    return true;
  } catch {
    say(form.dataset.failed, "bad");
    return false;
  }
}

function enqueue(act, list) {
  waiting += 1;
  last = last.then(() => save(act, list)).finally(() => (waiting -= 1));
  return last;
}

/** A row was let go in another place. Nothing can be typed into its list until the answer has drawn it anew. */
async function onDrop(list, act, putBack) {
  list.inert = true;
  if (await enqueue(act, list)) return;
  list.inert = false;
  putBack();
}

/** Tell at once of a key that another value of the list has. */
function checkKey(input) {
  const list = input.closest("[data-list]");
  const typed = input.value.trim().toLowerCase();
  const other = [...list.querySelectorAll(":scope > :not([data-retired]) [data-key]")].find(
    (field) => field !== input && field.closest("[data-list]") === list && field.value.trim().toLowerCase() === typed,
  );
  const told = typed && other ? Object.assign(document.createElement("p"), { className: "told" }) : null;
  if (told) {
    const name = other.closest("[data-at]").querySelector("b").textContent;
    told.textContent = input.dataset.key.replace("#1", typed).replace("#2", name);
    input.setAttribute("aria-invalid", "true");
  }
  document.getElementById(`${input.id}-wrong`).replaceChildren(...(told ? [told] : []));
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
  for (let around = element?.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  element?.focus();
}

document.addEventListener("change", onChange);
document.addEventListener("submit", onSubmit);
document.addEventListener("click", onClick);
form.addEventListener("input", ({ target }) => {
  unsaved = true;
  if ("key" in target.dataset) checkKey(target);
  say(form.dataset.waiting);
});
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
letDrag(onDrop);
goOn();
