const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity"];
const OF_TEXT = ["font-family", "font-size", "font-weight", "font-variant-numeric", "text-anchor"];

/** Give a drawing to whoever wants it as a file: in the colours of paper, with nothing left to look up in our styles. */
export function saveSvg(svg, name) {
  const copy = svg.cloneNode(true);
  svg.style.colorScheme = "light";
  const drawn = [svg, ...svg.querySelectorAll("*")];
  for (const [place, own] of [copy, ...copy.querySelectorAll("*")].entries()) freeze(drawn[place], own);
  svg.style.colorScheme = "";
  copy.prepend(ground(copy));
  const content = new XMLSerializer().serializeToString(copy);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "image/svg+xml" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Write the style of an element as it is drawn into its copy. */
function freeze(drawn, copy) {
  const style = getComputedStyle(drawn);
  for (const property of drawn instanceof SVGTextContentElement || drawn.localName === "g" ? [...KEPT, ...OF_TEXT] : KEPT) {
    copy.setAttribute(property, style.getPropertyValue(property));
  }
  copy.removeAttribute("style");
  copy.removeAttribute("class");
}

function ground(svg) {
  const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: "#fff" })) {
    rectangle.setAttribute(name, value);
  }
  return rectangle;
}
