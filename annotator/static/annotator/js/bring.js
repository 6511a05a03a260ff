import { unfoldAround } from "./unfold.js";

/** Scroll an element into view, to `block` of what scrolls; of one that is too long for that, its beginning. */
export function bring(element, scroller, block) {
  unfoldAround(element);
  const isLong = element.clientHeight > scroller.clientHeight;
  element.scrollIntoView({ block: isLong ? "start" : block });
}
