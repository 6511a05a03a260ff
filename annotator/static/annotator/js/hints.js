// Hints: terms of the lexicons and aliases of sources in the current sentence. Nobody's answer: shown, put in focus, logged.

import { cookie } from "./outbox.js";
import { toUnits } from "./points.js";
import { listOf } from "./question.js";
import { contains, longQuotations, quotationOf } from "./voice.js";

const LOG_PAUSE = 1500;
const LOG_AT_ONCE = 200;
/** Characters between a source and its cue. */
const FARTHEST = 24;

/** What a hint proposes as an answer to a question: the key of an option, or nothing. */
function proposed(question, hint) {
  if (question.part === "roles") return { alias: "source", cue: "cue" }[hint.kind];
  if (question.part === "manner") return hint.kind === "cue" && hint.manner;
  if (question.part) return hint.kind === { source: "alias", stance: "cue" }[question.part] && hint.value;
  if (!question.marks) return "";
  return hint.kind === "framing" ? hint.value : question.rules.joins;
}

export class Hints {
  #read = new Map();
  #shown = new Set();
  #queue = [];
  #timer = 0;
  #followed = null;

  constructor(screen) {
    this.screen = screen;
    const { lexicons, log } = screen.column.dataset;
    this.lexicons = JSON.parse(lexicons ?? "[]");
    this.url = log;
    addEventListener("pagehide", () => this.#send());
  }

  /** The hints of a unit that were not dismissed: {start, end, from, to, kind, value, lexicon, manner}. */
  of(unit) {
    if (!this.#read.has(unit)) {
      const rows = JSON.parse(unit.element.dataset.hints ?? "[]");
      const read = rows.map(([start, end, kind, value, lexicon, manner]) => {
        const [from, to] = [start, end].map((points) => toUnits(unit.text, points));
        return { start, end, from, to, kind, value, lexicon: this.lexicons[lexicon], manner };
      });
      this.#read.set(unit, read);
    }
    return this.#read.get(unit);
  }

  /** The option of a question that a hint proposes, or undefined. */
  option(question, hint) {
    const key = hint.lexicon[2] === question.variable && proposed(question, hint);
    return key ? question.option(key) : undefined;
  }

  /** The hints that propose an answer to the open question. */
  get #fitting() {
    const { open, unit } = this.screen.state;
    return open ? this.of(unit).filter((hint) => this.option(open, hint)) : [];
  }

  /** The hint that the pen stands on, or whose proposal is in focus. */
  get inFocus() {
    const { open, at, pen } = this.screen.state;
    if (!pen) return at && this.#nearest(this.#fitting.filter((hint) => this.option(open, hint) === at));
    const { range } = pen;
    return this.#fitting.find((hint) => range && hint.from < range.to && range.from < hint.to);
  }

  /** Of several, the one next to a word of the other kind: a source stands beside its cue. */
  #nearest(hints) {
    const { unit } = this.screen.state;
    const beside = this.of(unit).find((other) => hints.length && other.kind === (hints[0].kind === "cue" ? "alias" : "cue"));
    const gap = (hint) => (beside ? Math.max(hint.from - beside.to, beside.from - hint.to) : hint.from);
    return [...hints].sort((a, b) => gap(a) - gap(b))[0];
  }

  /** The option to put in focus when a question opens that has no answer yet. */
  suggestion(question) {
    const { unit, item } = this.screen.state;
    if (!question || question.marks || this.screen.book.answer(question, unit, item) !== undefined) return null;
    const given = new Set(this.screen.book.items(unit).map((other) => other.source));
    const fitting = this.#fitting.filter((hint) => question.part !== "source" || (!given.has(hint.value) && this.#standsByCue(hint)));
    const hint = this.#nearest(fitting);
    return this.#quoting(question) ?? (hint ? this.option(question, hint) : null);
  }

  /** The words of saying of a sentence; what is quoted has its own. */
  #cues(unit) {
    const quoted = longQuotations(unit.text);
    return this.of(unit).filter((hint) => hint.kind === "cue" && !quoted.some((part) => contains(part, hint)));
  }

  /** Whether a word of saying stands by: who is only spoken of is no source. */
  #standsByCue({ from, to }) {
    const { unit } = this.screen.state;
    const between = this.#cues(unit).map((cue) => unit.text.slice(Math.min(to, cue.to), Math.max(from, cue.from)));
    return between.some((words) => words.length <= FARTHEST && !/[,;:،؛]/u.test(words));
  }

  /** The manner that quotation marks tell of, where the codebook says which. */
  #quoting(question) {
    if (question.part !== "manner" || !this.lexicons.length) return undefined;
    const quotation = quotationOf(this.screen.state.unit.text);
    return quotation ? question.options.find((option) => option.dataset.quotation === quotation) : undefined;
  }

  /** Put the pen on the next hint from here that is not marked yet. */
  toNext(pen, from = 0) {
    const next = this.#fitting.find((hint) => hint.from >= from && !this.#isMarked(hint));
    if (next) pen.take(next);
    this.follow();
  }

  /** Put in focus what the hint under the pen proposes. */
  follow() {
    const { state, panel } = this.screen;
    const hint = this.inFocus;
    const option = hint && !this.#isMarked(hint) ? this.option(state.open, hint) : null;
    // What was put in focus by reading through the values stays there.
    if (!option && state.at !== this.#followed) return;
    this.#followed = state.at = option;
    (option?.querySelector("input") ?? panel.form).focus({ preventScroll: true });
  }

  #isMarked(hint) {
    const { open, unit, item } = this.screen.state;
    const [start, end] = [unit.start + hint.start, unit.start + hint.end];
    const spans = listOf(this.screen.book.answer(open, unit, item));
    return spans.some((span) => span.start < end && start < span.end && (span.value ?? span.role) === proposed(open, hint));
  }

  /** The cue that the pen stands on; where it stands on none, the one nearest to it; without any, the words themselves. */
  cueAt(range) {
    const cues = this.#cues(this.screen.state.unit);
    const gap = (cue) => Math.max(cue.from - range.to, range.from - cue.to);
    const nearest = cues.sort((a, b) => gap(a) - gap(b))[0];
    return this.screen.state.pen.moved && !(nearest && gap(nearest) < 0) ? range : nearest ?? range;
  }

  /** The alias of a source that stands in a stretch of the sentence. */
  aliasIn(stretch, source) {
    return this.of(this.screen.state.unit).find((hint) => hint.kind === "alias" && hint.value === source && contains(stretch, hint));
  }

  /** The option in focus is taken. With the pen down the whole hint is marked, and the pen goes on to the next. */
  take(option) {
    const { state, answering } = this.screen;
    const hint = this.inFocus;
    const isProposed = Boolean(hint) && this.option(state.open, hint) === option;
    if (isProposed && !(state.pen && this.#isMarked(hint))) this.#log(state.unit, hint, "accepted");
    if (isProposed && state.pen) state.pen.take(hint);
    answering.take(option, false);
    if (isProposed && state.pen) this.#goOn(hint);
  }

  /** Take the hint in focus out of sight: its annotator does not see it on this unit again. */
  dismiss() {
    const { state } = this.screen;
    const hint = this.inFocus;
    if (!hint) return;
    const isSame = (other) => other.start === hint.start && other.end === hint.end && other.lexicon === hint.lexicon;
    this.#log(state.unit, hint, "dismissed");
    this.#read.set(state.unit, this.of(state.unit).filter((other) => !isSame(other)));
    if (state.pen) return this.#goOn(hint);
    state.at = this.suggestion(state.open);
    this.screen.redraw();
    this.screen.focusPanel();
  }

  #goOn(hint) {
    this.toNext(this.screen.state.pen, hint.to);
    this.screen.redraw();
  }

  /** Marks for the text of the current sentence; what is marked already needs no hint. */
  marks(unit) {
    const { inFocus } = this;
    return this.of(unit).map((hint) => ({ from: hint.from, to: hint.to, kind: "hint", colour: hint === inFocus ? "at" : "" }));
  }

  /** Beside a source: the alias by which it stands in the sentence. */
  drawOptions() {
    const { open, unit } = this.screen.state;
    if (open?.part !== "source") return;
    for (const option of open.options) {
      const hint = this.#fitting.find((other) => this.option(open, other) === option);
      option.classList.toggle("hinted", Boolean(hint));
      const textContent = hint ? unit.text.slice(hint.from, hint.to) : "";
      Object.assign(option.lastElementChild, { textContent, dir: "auto" });
    }
  }

  /** The sentence was brought before its annotator. */
  seen(unit) {
    if (this.#shown.has(unit)) return;
    this.#shown.add(unit);
    for (const hint of this.of(unit)) this.#log(unit, hint, "shown");
  }

  // The log goes out in the background, a request a sentence. What the server doesn't take is lost: a label never waits for it.

  #log(unit, { start, end, value, lexicon: [key, number] }, act) {
    const time = new Date().toISOString();
    this.#queue.push([crypto.randomUUID(), unit.id, key, number, value, unit.start + start, unit.start + end, act, time]);
    this.#timer ||= setTimeout(() => this.#send(), LOG_PAUSE);
  }

  async #send() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const acts = this.#queue.splice(0, LOG_AT_ONCE);
    if (!acts.length) return;
    const headers = { "X-CSRFToken": cookie("csrftoken") };
    const body = new URLSearchParams({ acts: JSON.stringify(acts) });
    try {
      await fetch(this.url, { method: "POST", body, headers, keepalive: true, redirect: "manual" });
    } catch {
      // No network: sent again, under the same names, with what comes next.
      this.#queue.unshift(...acts);
    }
  }
}
