// The boundaries page. A cursor goes over units and doubtful places; keys press the buttons that stand on the page, so
// that every key does what a click does. Each edit posts the form, and htmx swaps the draft that comes back.

import { Caret, stops } from "./caret.js";
import { keepEdits, keptEdits } from "./kept.js";
import { act } from "./keys.js";
import { legend } from "./letters.js";
import { offsetAt } from "./pen.js";

const caret = new Caret();
const waiting = [];
let current = null; // the unit or doubtful place under the cursor
let wish = null; // where the cursor goes when the next draft is there
let busy = false;
let leaving = false;

const root = () => document.getElementById("boundaries");
const form = () => document.getElementById("draft");
const list = () => document.getElementById("units");
const units = () => [...list().querySelectorAll(":scope > .unit")];
const gaps = () => [...list().querySelectorAll(":scope > .gap")];
const edits = () => JSON.parse(form().querySelector("input[name=edits]").value);
const isGap = (item) => item.classList.contains("gap");
const unitAt = (place) => units().findLast((unit) => Number(unit.dataset.start) <= place) ?? units()[0];

/** Move the cursor, and the focus with it, to a unit or a doubtful place. */
function select(item, offset = 0) {
  current?.removeAttribute("aria-current");
  current?.setAttribute("tabindex", "-1");
  current = item;
  item.setAttribute("aria-current", "true");
  item.setAttribute("tabindex", "0");
  const unit = isGap(item) ? document.getElementById(item.dataset.unit) : item;
  if (isGap(item)) caret.putAt(unit, Number(item.dataset.place));
  else caret.put(unit, offset);
  fill(unit);
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest", behavior: "instant" });
}

/** Let the panel tell of the unit, and its buttons act on it. */
function fill(unit) {
  const { start, next, kind, why } = unit.dataset;
  const [panel, at] = [document.getElementById("panel"), Number(start)];
  form().querySelector("input[name=at]").value = start;
  aim();
  if (panel.dataset.start === start) return;
  panel.dataset.start = start;
  panel.querySelector("[data-number]").textContent = unit.querySelector(".no").textContent;
  for (const button of panel.querySelectorAll("[data-kind]")) {
    button.value = JSON.stringify(["kind", at, button.dataset.kind]);
    button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
  }
  const [merge, offer, reword] = ["m", "x", "reword"].map((key) => panel.querySelector(`[data-key="${key}"]`));
  merge.disabled = next === undefined;
  merge.value = JSON.stringify(["merge", Number(next)]);
  const offered = unit.hasAttribute("data-offered");
  offer.value = JSON.stringify(["offer", at, !offered]);
  offer.querySelector("[data-when=offered]").hidden = !offered;
  offer.querySelector("[data-when=left]").hidden = offered;
  reword.value = start;
  document.getElementById("words").value = unit.querySelector(".text").textContent;
  const told = why ? why.split("\n") : [panel.querySelector("[data-default]").textContent];
  document.getElementById("why").replaceChildren(...told.map((reason) => {
    const line = document.createElement("li");
    line.textContent = reason;
    return line;
  }));
}

/** Let the button that splits name the place of the caret. */
function aim() {
  const button = document.querySelector("#panel [data-key=s]");
  button.hidden = false;
  button.disabled = !caret.inside;
  button.value = JSON.stringify(["split", caret.point]);
}

/** To the next or the last doubtful place, on another page of the article if need be. */
function seek(by) {
  const side = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const beside = gaps().filter((gap) => current.compareDocumentPosition(gap) & side);
  const found = by > 0 ? beside[0] : beside.at(-1);
  const page = by > 0 ? list().dataset.after : list().dataset.before;
  if (found) select(found);
  else if (page !== undefined) turn(page, () => (by > 0 ? gaps()[0] : gaps().at(-1)));
}

function turn(page, to) {
  form().querySelector("input[name=at]").value = page;
  wish = to;
  form().requestSubmit();
}

function step(by) {
  const all = units();
  const found = all[all.indexOf(caret.unit) + by];
  if (found) select(found);
}

/** The caret one word (or character) on in reading direction; past the end of its unit into the next one. */
function walk(key, fine) {
  const rtl = getComputedStyle(caret.text).direction === "rtl";
  const by = key === (rtl ? "ArrowLeft" : "ArrowRight") ? 1 : -1;
  const unit = caret.unit;
  if (caret.move(by, fine)) select(unit, caret.offset);
  else step(by);
  if (by < 0 && caret.unit !== unit) select(caret.unit, caret.words.length);
}

/** Press the button of a key: that of the doubtful place under the cursor, else that of the panel or the draft. */
function press(key) {
  const of = (place) => place.querySelector(`button[data-key="${key}"]:not(:disabled)`);
  const button = (isGap(current) && of(current)) || of(document.getElementById("panel")) || of(root());
  button?.click();
}

function correct() {
  const details = document.getElementById("correct");
  details.open = true;
  document.getElementById("words").focus();
}

const KEYS = {
  ArrowDown: (event) => (event.shiftKey ? step(1) : seek(1)),
  ArrowUp: (event) => (event.shiftKey ? step(-1) : seek(-1)),
  ArrowLeft: (event) => walk(event.key, event.shiftKey),
  ArrowRight: (event) => walk(event.key, event.shiftKey),
  Home: () => select(caret.unit, 0),
  End: () => select(caret.unit, caret.words.length),
  Backspace: () => press("Backspace"),
  t: correct,
};

function onKey(event) {
  const { target, key } = event;
  if (event.defaultPrevented || event.isComposing || event.altKey) return undefined;
  if (target.id === "words") return inField(event);
  if (event.ctrlKey || event.metaKey || !target.closest("#units")) return undefined;
  if (target.matches("button") && ["Enter", " "].includes(key)) return undefined;
  const pressed = key.length === 1 ? legend(event) : key;
  if (!KEYS[pressed] && !/^[smxdcqr1-9]$/.test(pressed)) return undefined;
  if (busy) return act(event, () => waiting.push({ key, shiftKey: event.shiftKey, pressed }));
  return act(event, () => answer(pressed, event));
}

const answer = (pressed, event) => (KEYS[pressed] ? KEYS[pressed](event) : press(pressed));

function inField(event) {
  if (event.key === "Escape") return act(event, () => select(current, caret.offset));
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return undefined;
  return act(event, () => document.querySelector("#panel [data-key=reword]").click());
}

/** Where the cursor goes once the draft is changed by this button. */
function after(button) {
  if (button?.name === "undo") {
    const [, offset] = edits().at(-1);
    return () => unitAt(offset);
  }
  const place = Number(current.dataset.place);
  if (button && isGap(current) && current.contains(button)) {
    return () => gaps().find((gap) => Number(gap.dataset.place) > place) ?? unitAt(place);
  }
  if (button?.name === "again") return () => gaps()[0];
  if (button?.name === "at") return () => unitAt(Number(button.value));
  const [name, offset] = button?.name === "edit" ? JSON.parse(button.value) : [];
  const start = name === "split" ? offset : Number(caret.unit.dataset.start);
  return () => units().find((unit) => Number(unit.dataset.start) >= start) ?? units().at(-1);
}

function onSubmit(event) {
  if (event.target.id !== "draft") return void (leaving = event.target.id === "apply");
  if (busy) return void event.preventDefault();
  wish ??= after(event.submitter);
  busy = true;
  return undefined;
}

function settle() {
  busy = leaving = false;
  begin();
  keepEdits(form().action, root().dataset.base, form().querySelector("input[name=edits]").value);
  for (let next = waiting.shift(); next && !busy; next = waiting.shift()) answer(next.pressed, next);
}

/** A page that is no draft (signed out, a failure) never takes the place of one. */
function guard(event) {
  if (/id="boundaries"/.test(event.detail.ctx.text ?? "")) return;
  event.preventDefault();
  failed();
}

function failed() {
  busy = false;
  leaving = true; // by loading the page again, as it is told; the draft is kept
  wish = null;
  waiting.length = 0;
  document.getElementById("unsent").hidden = false;
}

function onClick(event) {
  const { target } = event;
  if (target.closest("[data-discard]")) {
    leaving = true;
    keepEdits(form().action, root().dataset.base, "[]");
  }
  const button = target.closest("#units button");
  const named = button?.name === "at" && units().find((unit) => unit.dataset.start === button.value);
  if (named && !busy) return act(event, () => select(named));
  const item = target.closest("#units > li");
  if (!item || button || busy || !getSelection().isCollapsed) return undefined;
  const text = target.closest(".text");
  const offset = text ? offsetAt({ textElement: text }, event.clientX, event.clientY) ?? 0 : 0;
  return select(item, text ? stops(text.textContent, list().lang, true).findLast((place) => place <= offset) : 0);
}

/** Take up a draft that just came: the list takes one stop of Tab, and the cursor finds its place. */
function begin() {
  for (const item of list().children) {
    item.removeAttribute("aria-current");
    item.setAttribute("tabindex", "-1");
  }
  for (const button of list().querySelectorAll("button")) button.setAttribute("tabindex", "-1");
  current = null;
  const to = wish?.() ?? gaps()[0] ?? units()[0];
  wish = null;
  select(to);
}

/** Take the draft up again that was on this page when it was lost. */
function resume() {
  const field = form().querySelector("input[name=edits]");
  const kept = keptEdits(form().action, root().dataset.base);
  if (field.value !== "[]" || kept === "[]") return;
  field.value = kept;
  form().requestSubmit();
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit, true);
document.addEventListener("htmx:before:swap", guard);
document.addEventListener("htmx:after:swap", settle);
document.addEventListener("htmx:error", failed);
addEventListener("beforeunload", (event) => !leaving && edits().length && event.preventDefault());
begin();
// htmx takes up the form after the modules have run.
addEventListener("load", resume);
