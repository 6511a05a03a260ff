// Charts of a report, drawn with Observable Plot from the data beside each. They come after the page, and only where
// somebody gets to see them: the tables say the same without any script.
import { saveSvg } from "./save-svg.js";
import { SPECS } from "./chart-specs.js";

const NEAR = "600px";
const REDRAWN = 24; // A change of width in pixels that is worth drawing again.
const widths = new WeakMap(); // The width that each chart was drawn for.
let loading;

/** Plot and what it needs, once for the page. */
function libraries() {
  const urls = document.querySelector("[data-libraries]").dataset.libraries.split(" ");
  // One after the other: Plot looks for d3 when it starts.
  loading ??= urls.reduce((earlier, url) => earlier.then(() => load(url)), Promise.resolve());
  return loading;
}

function load(url) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

async function draw(figure) {
  const place = figure.querySelector(".plot");
  const width = Math.round(place.clientWidth);
  if (!width || Math.abs(width - (widths.get(place) ?? 0)) < REDRAWN) return;
  widths.set(place, width);
  await libraries();
  const data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const svg = window.Plot.plot(SPECS[data.kind](data, width, document.dir === "rtl"));
  // Its own style element would be refused by the content security policy; report.css has what it says.
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  place.replaceChildren(svg);
  const button = figure.querySelector("[data-save]");
  button.hidden = false;
  button.onclick = () => saveSvg(svg, `${figure.dataset.chart}.svg`);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      sized.observe(target);
    }
  },
  { rootMargin: NEAR },
);
const sized = new ResizeObserver((entries) => entries.forEach(({ target }) => draw(target)));

/** Those that are not drawn: all of a new page, and those that came with a part of it. */
function look() {
  for (const figure of document.querySelectorAll("[data-chart]:not(:has(.plot > svg))")) {
    widths.delete(figure.querySelector(".plot"));
    seen.observe(figure);
  }
}

// What is folded on the screen is wanted on paper.
window.addEventListener("beforeprint", () => {
  for (const question of document.querySelectorAll("details.question")) question.open = true;
});
document.addEventListener("htmx:after:swap", look);
look();
