// The page counts UTF-16 units, the server code points; the change is made here.

export const toPoints = (text, units) => [...text.slice(0, units)].length;
export const toUnits = (text, points) => [...text].slice(0, points).join("").length;
