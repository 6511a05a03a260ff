// On every page but the coding screen: on a narrow one, bring the current tab of the bar into view.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });
