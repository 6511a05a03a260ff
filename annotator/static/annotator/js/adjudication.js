// The adjudicator's bench by key. A decision counts as made when the server's answer stands in place of the case.

import { legend, remember, remembered } from "./letters.js";

const main = () => document.getElementById("main");
const case_ = () => document.getElementById("case");
let busy = false;

/** Put the page that the server drew in place of this one, and its address with it. */
function show(html, address) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const place = fresh.getElementById("main");
  if (!fresh.getElementById("case")) return tell(fresh.getElementById("main")?.textContent.trim() || case_().dataset.failed);
  main().replaceWith(document.adoptNode(place));
  if (address) history.pushState(null, "", address);
  case_().focus({ preventScroll: true });
  case_().scrollTop = 0;
  bringCurrent();
}

function tell(words) {
  const notice = Object.assign(document.createElement("p"), { className: "notice bad", textContent: words });
  document.getElementById("told").replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/** Fetch, and show what comes. A form that got no answer stays as it is: sent again it is the same event. */
async function load(address, body) {
  if (busy) return;
  busy = true;
  main().setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, body ? { method: "POST", body } : {});
    if (answer.status >= 500) tell(case_().dataset.failed);
    else if (new URL(answer.url).pathname.startsWith("/accounts/")) tell(case_().dataset.signedOut);
    else show(await answer.text(), body && !answer.redirected ? "" : answer.url);
  } catch {
    tell(case_().dataset.failed);
  } finally {
    busy = false;
    main().removeAttribute("aria-busy");
  }
}

function bringCurrent() {
  const letters = document.getElementById("letters");
  if (letters) letters.checked = remembered();
  document.querySelector(".queue [aria-current]")?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

/** Whether a reason is asked for and not given yet: then the line for it takes the focus. */
function needsReason(form, button) {
  const reason = form.elements.reason;
  const asked = "reason" in form.dataset || button?.value === "discuss";
  if (!reason || !asked || reason.value.trim()) return false;
  reason.focus();
  reason.setAttribute("aria-invalid", "true");
  return true;
}

/** Who signed in again in another tab has another token than this page was drawn with. */
function fields(form, button) {
  const body = new FormData(form, button);
  const [, token] = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie) ?? [];
  if (token) body.set("csrfmiddlewaretoken", token);
  return body;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("#main")) return;
  event.preventDefault();
  if (form.method === "get") return load(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  if (form.id !== "decide" || !needsReason(form, event.submitter)) load(form.action, fields(form, event.submitter));
});

document.addEventListener("change", (event) => {
  if (event.target.id === "letters") remember(event.target.checked);
  if (event.target.closest("#choose")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(".queue a, [rel=prev], [rel=next]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  load(link.href);
});

/** Words selected in the sentence are those of the mark that is added; where they begin is counted in code points. */
document.addEventListener("selectionchange", () => {
  const form = document.getElementById("decide");
  const selected = document.getSelection();
  const text = selected.anchorNode?.parentElement?.closest(".unit.here .text");
  if (!form?.elements.words || !text || selected.isCollapsed || !text.contains(selected.focusNode)) return;
  const from = Math.min(selected.anchorOffset, selected.focusOffset);
  form.elements.words.value = selected.toString().trim();
  form.elements.from.value = [...text.textContent.slice(0, from)].length;
});

addEventListener("popstate", () => location.reload());

/** A value's key chooses it; where one alone can be chosen, that decides. */
function choose(form, choice) {
  const input = choice.querySelector("input");
  if (input.type === "checkbox") return input.click();
  input.checked = true;
  form.requestSubmit();
}

function typed(event, form) {
  const letter = legend(event);
  if (letter && !remembered()) return null;
  const key = letter || event.key;
  const find = (name, value) => main().querySelector(`[${name}="${CSS.escape(value)}"]`);
  if (event.shiftKey && find("data-letter", key.toUpperCase())) return find("data-letter", key.toUpperCase());
  const found = find("data-key", key);
  if (found || !form) return found;
  if (key === "d") return find("data-key", ",");
  return /^[1-9]$/.test(key) ? form.querySelectorAll("[data-letter]")[Number(key) - 1] : null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const field = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
  if (field) {
    if (event.key === "Escape") case_().focus();
    return;
  }
  if (event.target.closest("a, button, summary") && ["Enter", " "].includes(event.key)) return;
  const form = document.getElementById("decide");
  if (event.key === ".") form?.elements.reason?.focus();
  else if (event.key === "?") main().querySelector(".keys")?.toggleAttribute("open");
  else {
    const found = typed(event, form);
    if (!found) return;
    if (found.matches(".choice")) choose(form, found);
    else found.click();
  }
  event.preventDefault();
});

bringCurrent();
case_()?.focus({ preventScroll: true });
