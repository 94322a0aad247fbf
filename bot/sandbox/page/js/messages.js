// One message of a chat as elements.

import { fileAddress } from "./api.js";
import { el, sign } from "./dom.js";
import { formatted } from "./spans.js";
import { timeOf } from "./times.js";

/** The element of a message; `on` has press(message, button) and edit(message). */
export function messageElement(phone, message, on) {
  const mine = message.by === "person";
  const bubble = el("div", { class: "bubble" }, replied(phone, message), media(message), text(message), choices(message, on), meta(phone, message, mine, on));
  const rows = message.buttons.map((row) => el("div", { class: "row" }, row.map((button) => buttonElement(message, button, on))));
  return el(
    "article",
    { class: `message${mine ? " mine" : ""}${rows.length || message.choices ? " wide" : ""}`, "data-id": message.id },
    el("span", { class: "sr" }, mine ? `${phone.name}: ` : "Hệ thống: "),
    bubble,
    rows.length ? el("div", { class: "buttons" }, rows) : null,
  );
}

/** "0:48" for 48 seconds. */
export const length = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function text(message) {
  const words = message.choices ? message.choices.body : message.text;
  return words ? el("div", { class: "text" }, formatted(words, message.spans)) : null;
}

/** Printed choices as they stand in the text; a tap types the number, or the word, for the person. */
function choices(message, on) {
  if (!message.choices) return null;
  const { numbered, words } = message.choices;
  const line = (label, shown, typed) =>
    el("button", { type: "button", "data-label": label, title: `Gõ “${typed}”`, onclick: () => on.choose(label) }, shown);
  return el(
    "div",
    { class: "choices" },
    numbered.length ? el("p", {}, "Trả lời số:") : null,
    numbered.map(([number, label]) => line(label, `${number}. ${label}`, number)),
    words.length ? el("p", { class: "words" }, "Hoặc nhắn: ", words.map((word, place) => [place ? " · " : null, line(word, word, word)]).flat()) : null,
  );
}

function replied(phone, message) {
  const original = phone.messages.get(message.reply_to);
  return original ? el("div", { class: "reply" }, original.text || "Tệp đã gửi") : null;
}

function media(message) {
  const carried = message.media;
  return carried ? MEDIA[carried.kind](carried) : null;
}

const MEDIA = {
  photo: (photo) =>
    el(
      "a",
      { href: fileAddress(photo.file), target: "_blank" },
      el("img", { class: "picture", src: fileAddress(photo.file), alt: photo.name ? `Ảnh ${photo.name}` : "Ảnh" }),
    ),
  voice: (voice) => attached("voice", "Ghi âm", length(voice.seconds)),
  location: (place) => attached("place", "Vị trí", `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`),
  sticker: () => el("div", { class: "sticker" }, el("span", { class: "sr" }, "Nhãn dán"), sign("smile")),
  contact: () => attached("person", "Danh thiếp", "Của một người quen"),
  document: (document) =>
    el("a", { class: "attached", href: fileAddress(document.file), download: document.name }, parts("file", document.name, size(document.size))),
};

const attached = (kind, title, detail) => el("div", { class: "attached" }, parts(kind, title, detail));

const parts = (kind, title, detail) => [el("span", { class: "icon" }, sign(kind)), el("span", {}, title, el("small", {}, detail))];

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`);

function meta(phone, message, mine, on) {
  const editable = phone.edits && mine && (!message.media || message.text);
  return el(
    "div",
    { class: "meta" },
    editable ? el("button", { type: "button", onclick: () => on.edit(message) }, "Sửa tin") : null,
    message.edited_at ? el("span", {}, "đã sửa") : null,
    el("time", { datetime: message.at }, timeOf(message.at)),
  );
}

function buttonElement(message, button, on) {
  if (button.url && /^(https?|tg):/i.test(button.url)) {
    return el("a", { href: button.url, target: "_blank", rel: "noreferrer noopener" }, button.label);
  }
  return el("button", { type: "button", onclick: () => on.press(message, button) }, button.label);
}
