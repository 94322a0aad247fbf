// Formatted text: spans count UTF-16 units, as JavaScript strings do.

import { el } from "./dom.js";

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
};

/** Nodes for the text; a span lies within another or beside it. */
export function formatted(text, spans, from = 0, to = text.length) {
  const nodes = [];
  let place = from;
  const inside = spans.filter((span) => span.offset >= from && span.offset + span.length <= to);
  while (inside.length) {
    const span = inside.shift();
    if (span.offset < place) continue;
    const end = span.offset + span.length;
    nodes.push(...linked(text.slice(place, span.offset)));
    const within = inside.filter((other) => other.offset >= span.offset && other.offset + other.length <= end);
    nodes.push(wrapped(span, formatted(text, within, span.offset, end)));
    place = end;
  }
  nodes.push(...linked(text.slice(place, to)));
  return nodes.filter((node) => node !== "");
}

/** Addresses in plain text are links, as on every real phone. */
function linked(text) {
  const parts = text.split(/(https?:\/\/\S+)/);
  return parts.map((part, place) => (place % 2 ? link(part, part) : part));
}

const link = (address, ...children) =>
  el("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, ...children);

function wrapped(span, children) {
  if (span.kind === "spoiler") return el("span", { class: "spoiler" }, children);
  if (span.kind !== "text_link") return el(TAGS[span.kind] ?? "span", {}, children);
  if (!/^https?:\/\//i.test(span.url)) return el("span", {}, children);
  return link(span.url, children);
}
