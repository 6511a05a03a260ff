// The panel of questions: which are asked of a unit, how they stand, and what an answer is in words.

const LONGEST = 200;
const CLOSED = ["single", "multi", "ordinal"];
/** The part of an attribution that is asked right before this one. */
const BEFORE = { manner: "source", stance: "manner" };

/** One question of the panel, read from the server's markup. An attribution has one a part. */
class Question {
  constructor(element) {
    const { variable, part, kind, scope } = element.dataset;
    Object.assign(this, { element, variable, part, kind, scope, rules: element.dataset });
    this.required = "required" in element.dataset;
    this.marks = "marks" in element.dataset;
    this.before = BEFORE[part];
    this.condition = element.dataset.if ? JSON.parse(element.dataset.if) : null;
    this.row = element.querySelector(".asked");
    this.field = element.querySelector(".question");
    this.input = this.field.querySelector("input.input, textarea");
    this.options = [...this.field.querySelectorAll(".choice")];
    this.several = kind === "multi";
  }

  option(key) {
    return this.options.find((option) => option.dataset.value === key);
  }

  name(key) {
    return this.option(key)?.children[2].textContent ?? "";
  }

  colour(key) {
    return [...(this.option(key)?.classList ?? [])].find((name) => /^c\d$/.test(name)) ?? "";
  }

  /** A set with the option put in, or taken out again when `add` meets one that is in; in codebook order. */
  toggled(current, option, add) {
    const { value } = option.dataset;
    const removed = add && current.includes(value);
    const alone = "alone" in option.dataset;
    const beside = current.filter((key) => key !== value && !alone && !("alone" in this.option(key).dataset));
    const chosen = new Set(removed ? beside : [...beside, value]);
    return this.options.map((other) => other.dataset.value).filter((key) => chosen.has(key));
  }

  /** An attribution with one part of one item set; without a value, nobody: the narrator speaks. */
  withPart(given, number, value) {
    if (!value) return [];
    const items = structuredClone(given ?? []);
    items[number] = { source: null, manner: null, stance: null, spans: [], ...items[number], [this.part]: value };
    return items;
  }

  /** What stands in the field of a number or text: {value, wrong}; value null when it is empty. */
  typed() {
    const text = this.input.value.trim();
    if (!text || this.kind === "text") return { value: text ? this.input.value : null, wrong: false };
    const number = Number(text.replace(",", "."));
    const { integer, min, max } = this.input.dataset;
    const whole = integer === undefined || Number.isInteger(number);
    const wrong = Number.isNaN(number) || !whole || number < Number(min ?? number) || number > Number(max ?? number);
    return { value: number, wrong };
  }

  /** The options on offer, in view of the answers of the unit. */
  offered(values) {
    const chosen = this.rules.limited ? [values[this.rules.limited] ?? []].flat() : null;
    const noneAlone = this.options.some((option) => "alone" in option.dataset);
    return this.options.filter((option) => {
      if ("withNone" in option.dataset) return !noneAlone;
      return !chosen || !option.dataset.value || chosen.includes(option.dataset.value);
    });
  }
}

/** The values that an answer names, as conditions see them (core.codebook.asking is the same rule). */
function parts(answer) {
  if (answer === null || answer === undefined) return [];
  return [answer].flat().map((item) => (typeof item === "object" ? item.value ?? item.source : item));
}

function passes(test, answer) {
  const found = parts(answer);
  const compared = found.length || (answer !== null && answer !== undefined) ? found : [null];
  if (test.any_of && !compared.some((part) => test.any_of.includes(part))) return false;
  if (test.not_in && compared.some((part) => test.not_in.includes(part))) return false;
  return !test.count_at_least || found.length >= test.count_at_least;
}

export class Panel {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.closed = "closed" in element.dataset;
    this.questions = [...element.querySelectorAll(".ask")].map((ask) => new Question(ask));
    this.conditions = new Map(this.questions.map((question) => [question.variable, question.condition]));
    this.form = element.querySelector("#questions");
    this.rule = element.querySelector("#rule");
    this.keysTyped = element.querySelector("#typed");
    this.source = this.questions.find((question) => question.part === "source");
  }

  question(variable, part = "") {
    return this.questions.find((question) => question.variable === variable && (!part || question.part === part));
  }

  #isAsked(variable, values) {
    const condition = this.conditions.get(variable);
    return !condition || this.#holds(condition, values);
  }

  #holds(condition, values) {
    if (condition.all) return condition.all.every((part) => this.#holds(part, values));
    if (condition.any) return condition.any.some((part) => this.#holds(part, values));
    return this.#isAsked(condition.variable, values) && passes(condition, values[condition.variable]);
  }

  /** The questions to ask of a unit, in the order of the panel. `item` is the attribution in hand. */
  asked(unit, item = 0) {
    return this.questions.filter((question) => {
      if (question.scope !== unit.scope || !this.#isAsked(question.variable, unit.values)) return false;
      const given = unit.values[question.variable];
      if (question.part === "roles") return Boolean(given?.[item]?.source);
      return !question.part || question.part === "source" || !given || given.length > 0;
    });
  }

  /** Whether a question can be answered now: manner and stance wait for their source. */
  isReady(question, unit, item = 0) {
    if (!question.part || question.part === "source") return true;
    return Boolean(unit.values[question.variable]?.[item]?.source);
  }

  /** Those that the flow stops at: the required ones, or all where none is required. */
  flow(unit, item = 0) {
    const asked = this.asked(unit, item);
    const required = asked.filter((question) => question.required);
    return required.length ? required : asked.filter((question) => !question.part || question.part !== "roles");
  }

  /** The answer to one question; undefined when there is none. */
  answer(question, unit, item = 0) {
    const value = unit.values[question.variable];
    if (!question.part || value === undefined) return value;
    if (question.part === "source") return value.length ? value[item]?.source : [];
    if (question.part === "roles") return value[item]?.spans.length ? value[item].spans : undefined;
    return value[item]?.[question.part] ?? undefined;
  }

  /** Whether the question has no answer, or one that waits to be confirmed. */
  isOpen(question, unit, item = 0) {
    return unit.waiting.has(question.variable) || this.answer(question, unit, item) === undefined;
  }

  /** The first question of a unit whose answer waits to be confirmed. */
  waits(unit, item = 0) {
    return unit.waiting.size ? this.asked(unit, item).find((question) => unit.waiting.has(question.variable)) : undefined;
  }

  /** Whether the server counts the unit: the whole article only where an answer on it is required. */
  counts(unit) {
    return unit.scope !== "article" || this.questions.some((question) => question.scope === "article" && question.required);
  }

  /** As the server counts: every required question that is asked has its whole answer, and there is one at all. */
  isDone(unit) {
    const values = unit.confirmed;
    if (!Object.keys(values).length) return false;
    return this.asked({ scope: unit.scope, values }).every((question) => {
      if (unit.waiting.has(question.variable)) return false;
      if (!question.required) return true;
      const value = values[question.variable];
      if (value === undefined || !question.part || question.part === "source") return value !== undefined;
      return value.every((item) => item[question.part]);
    });
  }

  /** An answer in words: [text, hue]. */
  describe(question, value) {
    if (value === undefined) return ["", ""];
    if (Array.isArray(value) && !value.length) return [question.part ? this.words.narrator : this.words.none, "c0"];
    if (question.marks) return [this.#marked(question, value), ""];
    if (CLOSED.includes(question.kind) || question.part) {
      const keys = [value].flat();
      return [keys.map((key) => question.name(key)).join(", "), question.colour(keys[0])];
    }
    return [String(value), ""];
  }

  #marked(question, spans) {
    if (question.part || spans.length > 2) return this.words.parts.replace("#", spans.length);
    return spans.map((span) => `${span.quote}: ${question.name(span.value)}`).join(", ");
  }

  /** A whole answer in one line, as the server words it where two answers are compared. */
  inWords(variable, value) {
    const words = this.#inFull(variable, value);
    return words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
  }

  #inFull(variable, value) {
    const question = this.question(variable);
    if (value === null) return this.words.noAnswer;
    if (!value.length || question.kind !== "attribution") return this.describe(question, value)[0];
    return value.map((item) => this.#attributed(variable, item).join(", ")).join("; ");
  }

  #attributed(variable, item) {
    const parts = ["source", "manner", "stance"].map((part) => this.question(variable, part)?.name(item[part]));
    return [...parts, item.spans.length ? this.words.parts.replace("#", item.spans.length) : ""].filter(Boolean);
  }

  /** Headline, detail and hue of a unit's margin, as the server writes them. */
  margin(unit) {
    const closed = this.questions.filter((question) => question.scope === unit.scope && CLOSED.includes(question.kind));
    const keys = unit.scope === "article" ? closed.slice(0, 3).map((q) => q.variable) : this.words.margin.split(" ");
    const given = keys.filter((key) => unit.values[key] !== undefined);
    if (!given.length) return ["", "", ""];
    const question = this.question(given[0]);
    if (question.kind !== "attribution") {
      const [headline, hue] = this.describe(question, unit.values[given[0]]);
      const rest = given.slice(1).map((key) => this.describe(this.question(key), unit.values[key])[0]);
      return [headline, rest.join(", "), hue];
    }
    const items = unit.values[given[0]];
    if (!items.length) return [this.words.narrator, this.words.noAttribution, "c0"];
    const sources = new Set(items.map((item) => question.name(item.source)));
    const detail = ["manner", "stance"].map((part) => this.question(given[0], part)?.name(items[0][part]));
    return [[...sources].join(", "), detail.filter(Boolean).join(", ").toLowerCase(), question.colour(items[0].source)];
  }

  /** Show the unit's questions with `open` opened. `state` is {item, at, message}. */
  draw(unit, open, { item = 0, at = null } = {}) {
    const asked = this.asked(unit, item);
    const flow = this.flow(unit, item);
    for (const question of this.questions) {
      question.element.hidden = !asked.includes(question);
      if (asked.includes(question)) this.#drawRow(question, unit, item, flow, question === open);
    }
    const optional = this.element.querySelector("#optional");
    if (optional) optional.hidden = new Set(asked.map((question) => question.required)).size < 2;
    if (open) {
      this.element.querySelector("#asking-title").textContent = open.rules.group;
      this.#drawOpen(open, unit, item, flow);
    }
    this.#drawTyped(unit, flow, open, item);
    this.showRule(at, open);
  }

  #drawRow(question, unit, item, flow, isOpen) {
    const value = this.answer(question, unit, item);
    const [text, hue] = this.describe(question, value);
    const done = !this.isOpen(question, unit, item);
    const waits = unit.waiting.has(question.variable) && (Boolean(text) || !question.before);
    const { row } = question;
    row.hidden = isOpen;
    question.field.hidden = !isOpen;
    row.classList.toggle("done", done);
    row.classList.toggle("waits", waits);
    row.querySelector(".step").textContent = done ? "✓" : waits ? "?" : flow.includes(question) ? flow.indexOf(question) + 1 : "";
    const given = document.createElement("b");
    given.className = hue && `c ${hue}`;
    given.textContent = text;
    const note = Object.assign(document.createElement("i"), { className: "wait", textContent: this.words.toConfirm });
    row.querySelector(".given").replaceChildren(...(text ? [given] : []), ...(waits ? [" ", note] : []));
    const key = row.querySelector("kbd");
    key.textContent = question.marks ? "␣" : this.#keyOf(question, value);
    key.hidden = !key.textContent;
  }

  #drawOpen(question, unit, item, flow) {
    const value = this.answer(question, unit, item);
    const chosen = value === undefined || question.marks ? [] : [value].flat();
    const offered = question.offered(unit.values);
    for (const option of question.options) {
      option.hidden = !offered.includes(option);
      const none = "none" in option.dataset;
      const checked = none ? Array.isArray(value) && !value.length : chosen.includes(option.dataset.value);
      option.querySelector("input").checked = checked;
    }
    if (question.input && document.activeElement !== question.input) question.input.value = value ?? "";
    const number = flow.indexOf(question) + 1;
    question.field.querySelector(".step").textContent = number || "";
    question.field.querySelector("legend small").textContent = !number
      ? ""
      : number === flow.length
        ? this.words.last
        : this.words.of.replace("#1", number).replace("#2", flow.length);
  }

  #keyOf(question, value) {
    if (Array.isArray(value) && !value.length) return question.part ? "0" : "";
    const keys = value === undefined || question.marks ? [] : [value].flat();
    return keys.length === 1 ? question.option(keys[0])?.dataset.key ?? "" : "";
  }

  #drawTyped(unit, flow, open, item) {
    const shown = flow.filter((question) => !question.marks && question !== open);
    const keys = shown.map((question) => this.#keyOf(question, this.answer(question, unit, item))).filter(Boolean);
    const signs = [...keys, "·"].map((key) => Object.assign(document.createElement("kbd"), { textContent: key }));
    signs.at(-1).className = "next";
    this.keysTyped.replaceChildren(...signs);
  }

  /** The rule of the option in focus, else of the one chosen, else of the question. */
  showRule(option, open) {
    const shown = option ?? open?.options.find((other) => other.querySelector("input").checked && other.dataset.rule);
    const template = shown?.dataset.rule
      ? document.getElementById(`rule-${shown.dataset.rule}`)
      : open?.element.querySelector(".about");
    this.rule.replaceChildren(...(template ? [template.content.cloneNode(true)] : []));
  }

  /** The attributions of the sentence, where there are several. */
  drawItems(unit, item) {
    const list = this.element.querySelector(".items");
    const { source } = this;
    const items = (source?.scope === unit.scope && unit.values[source.variable]) || [];
    const several = Math.max(items.length, item + 1) > 1;
    list?.replaceChildren(...(several ? items.map((_, number) => this.#item(source, unit, number, number === item)) : []));
  }

  #item(source, unit, number, here) {
    const given = unit.values[source.variable][number];
    const parts = ["manner", "stance"].map((part) => this.question(source.variable, part)?.name(given[part]));
    const row = document.createElement("li");
    const pick = Object.assign(document.createElement("button"), { type: "button", className: "asked" });
    pick.dataset.item = number;
    if (here) pick.setAttribute("aria-current", "true");
    const name = Object.assign(document.createElement("b"), { textContent: source.name(given.source) });
    name.className = `c ${source.colour(given.source)}`;
    const rest = Object.assign(document.createElement("span"), { textContent: parts.filter(Boolean).join(", ") });
    const count = Object.assign(document.createElement("span"), { className: "step", textContent: number + 1 });
    pick.append(count, name, rest);
    const drop = Object.assign(document.createElement("button"), { type: "button", textContent: this.words.removal });
    drop.className = "btn quiet";
    drop.dataset.drop = number;
    row.append(pick, drop);
    return row;
  }

  drawButtons(unit, item, penIsDown) {
    const [pen, another] = ["pen", "another"].map((name) => this.element.querySelector(`.acts [data-do="${name}"]`));
    const asked = this.asked(unit, item);
    pen.hidden = this.closed || !asked.some((question) => question.marks);
    pen.setAttribute("aria-pressed", String(penIsDown));
    another.hidden = this.closed || !asked.some((question) => question.part === "roles");
  }

  say(text) {
    const message = Object.assign(document.createElement("p"), { className: "error", textContent: text });
    this.element.querySelector("#messages").replaceChildren(...(text ? [message] : []));
  }

  drawMap(units, here) {
    for (const [number, rect] of [...document.querySelectorAll("#map rect")].entries()) {
      const unit = units[number];
      const kind = unit === here ? "here" : !unit.scope ? "off" : this.isDone(unit) ? "done" : "todo";
      rect.setAttribute("class", `map-${kind}`);
    }
  }

  /** The option `by` steps from the one in focus, round the list. */
  beside(open, at, by, values) {
    const offered = open.offered(values);
    const from = at ? offered.indexOf(at) : offered.findIndex((option) => option.querySelector("input").checked);
    return offered.at((Math.max(from, by > 0 ? -1 : 0) + by) % offered.length);
  }

  /** The attribution that still lacks something, else the first. */
  openItem(unit) {
    const items = (this.source?.scope === unit.scope && unit.values[this.source.variable]) || [];
    const parts = ["manner", "stance"].filter((part) => this.question(this.source?.variable, part));
    return Math.max(items.findIndex((item) => parts.some((part) => !item[part])), 0);
  }

  firstOpen(unit, item) {
    const flow = this.flow(unit, item);
    return flow.find((question) => this.isOpen(question, unit, item)) ?? this.waits(unit, item) ?? flow[0] ?? null;
  }

  /** What stands in the field of the question, or undefined when it can't be taken. */
  typed(question) {
    const { value, wrong } = question.typed();
    question.input.setAttribute("aria-invalid", String(wrong));
    if (wrong) this.say(this.words.wrongNumber);
    return wrong ? undefined : value;
  }

  /** The end of the article (`end`), and the keys that act in these `modes`. */
  drawFrame(units, end, modes) {
    const done = end && units.every((unit) => this.isDone(unit));
    this.element.querySelector("#finished").hidden = !done;
    this.element.querySelector("#last").hidden = !end || done;
    for (const hint of document.querySelectorAll(".strip [data-when]")) hint.hidden = !modes.includes(hint.dataset.when);
  }
}
