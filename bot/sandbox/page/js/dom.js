// Small ways to build elements; text is always set as text, never as HTML.

const SHAPES = {
  plus: "M12 5v14M5 12h14",
  send: "M4 12 20 4l-5 16-4-6z",
  keys: "M3.500 6.500h17v11h-17zM7 10h.01M10.500 10h.01M14 10h.01M17 10h.01M8 14h8",
  dots: "M12 6h.01M12 12h.01M12 18h.01",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  voice: "M12 4v16M8 8v8M4 10.500v3M16 8v8M20 10.500v3",
  smile: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M8.500 14a4 4 0 0 0 7 0M9 9.500h.01M15 9.500h.01",
  person: "M4 5h16v14H4zM9 11a2 2 0 1 0 0-.01M6 16a3 3 0 0 1 6 0M14.500 10h3M14.500 14h3",
  place: "M12 21s7-6.500 7-11.500a7 7 0 0 0-14 0C5 14.500 12 21 12 21zM12 9.500h.01",
};

/** An element with properties, and children that are nodes or text. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A drawn sign; the button around it carries the name. */
export function sign(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

let waiting;

/** A short sentence at the foot of the page. */
export function toast(words) {
  const place = document.getElementById("toast");
  place.textContent = words;
  clearTimeout(waiting);
  waiting = setTimeout(() => place.replaceChildren(), 5000);
}
