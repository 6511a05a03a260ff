// What each kind of chart looks like, as options of Observable Plot. Colours are those of the page.
const ROW = 26;
const LABEL = 7; // About the width of a letter.
const LONGEST = 26;
const WIDE = 480; // From here on there is room for names inside a chart.
const HALO = { stroke: "var(--sheet)", strokeWidth: 5 };
const TONES = { good: "var(--good)", doubt: "var(--doubt)", bad: "var(--bad)", "": "var(--ink-3)" };
const WASHES = { good: "var(--good-wash)", doubt: "var(--doubt-wash)", bad: "var(--bad-wash)" };
const HEAT = { same: 0, 0: 0, 1: 10, 2: 20, 3: 32, 4: 45 };
const RULE = { stroke: "var(--edge)", strokeDasharray: "2 3" };

const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
const room = (names) => 16 + LABEL * Math.max(0, ...names.map((name) => Math.min(name.length, LONGEST)));
const AXIS = { labelArrow: "none", labelAnchor: "center", labelOffset: 38 };
const UNDER = 48; // Below the last row: ticks and the name of the axis.
const short = (value) => value.toFixed(3).replace(/^(-?)0\./, "$1.");
const unique = (names) => [...new Set(names)];

/** Margins and axes that mirror with the page. */
function frame(names, width, rtl, more) {
  const side = rtl ? "marginRight" : "marginLeft";
  return { width, [side]: room(names), [rtl ? "marginLeft" : "marginRight"]: 16, ...more };
}

function band(names, rtl) {
  return { type: "band", domain: names, label: null, axis: rtl ? "right" : "left", tickSize: 0, tickFormat: cut };
}

/** Where an axis of alpha begins. */
function start(rows) {
  const lowest = Math.min(...rows.map((row) => row.low ?? row.value));
  if (lowest >= 0) return lowest >= 0.4 ? 0.4 : 0;
  return Math.max(-1, Math.floor(lowest * 10) / 10);
}

/** A point and its interval a row, against the marks. */
function intervals({ rows, axis, marks }, width, rtl) {
  const names = unique(rows.map((row) => row.label));
  const from = start(rows);
  const tone = (row) => TONES[row.tone];
  return frame(names, width, rtl, {
    height: ROW * names.length + UNDER + 16,
    marginTop: 16,
    marginBottom: UNDER,
    x: { ...AXIS, domain: [from, 1], clamp: true, reverse: rtl, label: axis, ticks: unique([from, Math.max(from, 0), ...marks, 1]), tickFormat: (value) => (marks.includes(value) ? short(value) : String(value)) },
    y: band(names, rtl),
    marks: [
      Plot.ruleX(marks, RULE),
      Plot.ruleY(rows, { x1: (row) => row.low ?? row.value, x2: (row) => row.high ?? row.value, y: "label", stroke: tone, strokeWidth: 2.5 }),
      Plot.dot(rows, { x: "value", y: "label", r: 4.5, fill: (row) => (row.tone === "bad" ? "var(--sheet)" : tone(row)), stroke: tone, strokeWidth: 2, title: (row) => `${row.label}: ${short(row.value)}` }),
    ],
  });
}

/** Points and their intervals in the order of time. */
function time({ rows, axis, marks }, width, rtl) {
  const names = rows.map((row) => row.label);
  const from = start(rows);
  const slanted = Math.max(...names.map((name) => name.length)) * LABEL > (width - 80) / names.length;
  return {
    width,
    height: 240 + (slanted ? 0.6 * room(names) : 0),
    marginBottom: slanted ? 20 + 0.6 * room(names) : 30,
    marginTop: 28,
    x: { type: "point", domain: names, padding: 0.5, label: null, reverse: rtl, tickSize: 0, tickFormat: cut, tickRotate: slanted ? -35 : 0 },
    y: { domain: [from, 1], clamp: true, label: axis, labelArrow: "none", ticks: unique([from, Math.max(from, 0), ...marks, 1]), tickFormat: (value) => (marks.includes(value) ? short(value) : String(value)), axis: rtl ? "right" : "left" },
    marks: [
      Plot.ruleY(marks, RULE),
      Plot.line(rows, { x: "label", y: "value", stroke: "var(--ink-3)" }),
      Plot.ruleX(rows, { x: "label", y1: (row) => row.low ?? row.value, y2: (row) => row.high ?? row.value, stroke: (row) => TONES[row.tone], strokeWidth: 2.5 }),
      Plot.dot(rows, { x: "label", y: "value", r: 4.5, fill: "var(--sheet)", stroke: (row) => TONES[row.tone], strokeWidth: 2, title: (row) => `${row.label}: ${short(row.value)}` }),
    ],
  };
}

/** A point an annotator in the row of each value; the outermost are named. */
function shares({ rows, axis }, width, rtl) {
  const names = unique(rows.map((row) => row.label));
  const ends = width < WIDE ? [] : names.flatMap((name) => outermost(rows.filter((row) => row.label === name)));
  const aside = room(ends.map((row) => row.who));
  const side = (row) => (row.isHigh !== rtl ? "start" : "end");
  const text = (anchor) => Plot.text(ends.filter((row) => side(row) === anchor), { x: percent, y: "label", text: (row) => cut(row.who), textAnchor: anchor, dx: anchor === "start" ? 8 : -8, fill: "var(--ink-3)", ...HALO });
  return frame(names, width, rtl, {
    height: (ROW + 4) * names.length + UNDER + 16,
    marginTop: 16,
    marginBottom: UNDER,
    insetLeft: aside,
    insetRight: aside,
    x: { ...AXIS, label: axis, reverse: rtl, nice: true, zero: true },
    y: band(names, rtl),
    marks: [
      Plot.ruleY(names, { stroke: "var(--line)" }),
      Plot.dot(rows, { x: percent, y: "label", r: 4, fill: "var(--ink-2)", fillOpacity: 0.55, title: (row) => `${row.who}: ${percent(row).toFixed(1)} %` }),
      text("start"),
      text("end"),
    ],
  });
}

const percent = (row) => 100 * row.share;

/** The least and the most, if they lie apart. */
function outermost(rows) {
  const ordered = rows.toSorted((one, other) => one.share - other.share);
  const [least, most] = [ordered.at(0), ordered.at(-1)];
  return most.share - least.share < 0.02 ? [] : [{ ...least, isHigh: false }, { ...most, isHigh: true }];
}

/** Counts in a triangle of values, the darker the more often. */
function matrix({ rows }, width, rtl) {
  const [down, across] = [unique(rows.map((row) => row.row)), unique(rows.map((row) => row.column))];
  const heat = (row) => (row.heat === "same" ? "var(--well)" : `color-mix(in oklab, var(--doubt) ${HEAT[row.heat]}%, var(--sheet))`);
  return square(down, across, width, rtl, [
    Plot.cell(rows, { x: "column", y: "row", fill: heat, inset: 1, title: (row) => `${row.row}, ${row.column}: ${row.count}` }),
    Plot.text(rows, { x: "column", y: "row", text: (row) => (row.count ? String(row.count) : "·"), fill: "var(--ink)" }),
  ]);
}

/** The figure of every two annotators. */
function pairs({ rows, names }, width, rtl) {
  const [down, across] = ["b", "a"].map((side) => names.filter((name) => rows.some((row) => row[side] === name)));
  return square(down, across, width, rtl, [
    Plot.cell(rows, { x: "a", y: "b", fill: (row) => WASHES[row.tone], inset: 1, title: (row) => `${row.a} · ${row.b}: ${short(row.value)}, ${row.units}` }),
    Plot.text(rows, { x: "a", y: "b", text: (row) => short(row.value), fill: "var(--ink)" }),
  ]);
}

function square(down, across, width, rtl, marks) {
  const slanted = Math.max(...across.map((name) => name.length)) * LABEL > (width - room(down)) / across.length;
  const columns = { ...band(across, rtl), axis: "top", reverse: rtl, tickRotate: slanted ? -35 : 0 };
  const top = slanted ? 16 + 0.6 * room(across) : 30;
  const overhang = slanted ? 0.5 * room(across.slice(-1)) : 16;
  const margins = { marginTop: top, marginBottom: 4, [rtl ? "marginLeft" : "marginRight"]: overhang };
  return frame(down, width, rtl, { ...margins, height: 34 * down.length + top + 4, x: columns, y: band(down, rtl), marks });
}

/** Every pair as a point on one axis, where there are too many annotators to name them. */
function points({ rows, axis }, width, rtl) {
  return {
    width,
    height: 140,
    marginBottom: UNDER,
    x: { ...AXIS, domain: [Math.min(0, ...rows.map((row) => row.value)), 1], reverse: rtl, label: axis },
    marks: [
      Plot.ruleX([0.667, 0.8], RULE),
      Plot.dot(rows, Plot.dodgeY({ x: "value", r: 3, fill: (row) => TONES[row.tone], title: (row) => `${row.a} · ${row.b}: ${short(row.value)}` })),
    ],
  };
}

export const SPECS = { intervals, time, shares, matrix, pairs, points };
