// One question of the panel, and when a test on its answer holds.

/** The part of an attribution that is asked right before this one. */
const BEFORE = { manner: "source", stance: "manner" };

/** The answer that it can't be told, of a question or of an attribution's manner or stance: core.codebook has the same. */
export const CANNOT_TELL = { cannot_tell: true };
export const isCannotTell = (answer) => answer?.cannot_tell === true;

/** The spans or attributions of an answer; none where there is no answer, or where it can't be told. */
export const listOf = (answer) => (Array.isArray(answer) ? answer : []);

/** One question of the panel, read from the server's markup. An attribution has one a part. */
export class Question {
  constructor(element) {
    const { variable, part, kind, scope } = element.dataset;
    Object.assign(this, { element, variable, part, kind, scope, rules: element.dataset });
    this.required = "required" in element.dataset;
    this.marks = "marks" in element.dataset;
    this.cannotTell = element.dataset.cannotTell ?? "";
    this.retired = JSON.parse(element.dataset.retired ?? "{}");
    this.before = BEFORE[part];
    this.condition = element.dataset.if ? JSON.parse(element.dataset.if) : null;
    this.row = element.querySelector(".asked");
    this.field = element.querySelector(".question");
    this.wording = this.field.querySelector("legend").children[1].textContent;
    this.input = this.field.querySelector("input.input, textarea");
    this.options = [...this.field.querySelectorAll(".choice")];
    this.several = kind === "multi";
  }

  option(key) {
    return this.options.find((option) => option.dataset.value === key);
  }

  name(key) {
    if (isCannotTell(key)) return this.cannotTell;
    return this.option(key)?.children[2].textContent ?? this.retired[key] ?? "";
  }

  colour(key) {
    return [...(this.option(key)?.classList ?? [])].find((name) => /^c\d$/.test(name)) ?? "";
  }

  /** A set with the option put in, or taken out again when `add` meets one that is in; retired ones in it stay. */
  toggled(current, option, add) {
    const { value } = option.dataset;
    const removed = add && current.includes(value);
    const alone = "alone" in option.dataset;
    const beside = current.filter((key) => key !== value && !alone && !("alone" in (this.option(key)?.dataset ?? {})));
    const chosen = new Set(removed ? beside : [...beside, value]);
    const offered = this.options.map((other) => other.dataset.value);
    return [...offered.filter((key) => chosen.has(key)), ...beside.filter((key) => !offered.includes(key))];
  }

  /** An attribution with one part of one item set; without a value, nobody: the narrator speaks. */
  withPart(given, number, value) {
    if (!value) return [];
    const items = structuredClone(listOf(given));
    const { same_as: earlier, ...item } = { source: null, manner: null, stance: null, spans: [], ...items[number] };
    items[number] = { ...item, [this.part]: value, ...(this.part !== "source" && earlier !== undefined && { same_as: earlier }) };
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

/** Whether an answer passes a test of a condition. */
export function passes(test, given) {
  const answer = isCannotTell(given) ? null : given;
  const found = parts(answer);
  const compared = found.length || (answer !== null && answer !== undefined) ? found : [null];
  if (test.any_of && !compared.some((part) => test.any_of.includes(part))) return false;
  if (test.not_in && compared.some((part) => test.not_in.includes(part))) return false;
  if (test.at_least !== undefined && !found.some((part) => part >= test.at_least)) return false;
  if (test.at_most !== undefined && !found.some((part) => part <= test.at_most)) return false;
  return !test.count_at_least || found.length >= test.count_at_least;
}
