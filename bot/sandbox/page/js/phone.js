// One phone on the table: its head, its chat, its composer.

import { channelOf } from "./channels.js";
import { Composer } from "./composer.js";
import { el, sign } from "./dom.js";
import { messageElement } from "./messages.js";
import { dayOf } from "./times.js";

const TYPING = 5000;
const NOTICE = 4000;

export class PhoneView {
  constructor(phone) {
    this.phone = phone;
    this.shown = new Map();
    this.lastDay = "";
    this.composer = new Composer(phone);
    this.empty = this.introduction();
    this.log = el("div", { class: "log", role: "log", tabindex: 0, "aria-label": `Tin trên máy của ${phone.name}` }, this.empty);
    this.chat = el("div", { class: "chat" }, this.log);
    this.stayAtEnd();
    this.element = el("section", { class: `phone ${phone.channel}`, id: `phone-${phone.id}`, "aria-label": this.title() }, this.head(), this.chat, this.composer.element);
  }

  /** Whose phone it is; the channel is told where it is not the usual one. */
  title() {
    const { name, channel } = this.phone;
    return channel === "telegram" ? `Máy của ${name}` : `Máy ${channelOf(this.phone).name} của ${name}`;
  }

  introduction() {
    const state = this.phone.start ? "Đã có giấy mời, chưa mở máy." : "Chưa có tin nào.";
    const face = el("span", { class: "face", "aria-hidden": "true" }, initials(this.phone.name));
    return el("div", { class: "empty" }, face, this.phone.about ? el("b", {}, this.phone.about) : null, el("span", {}, state));
  }

  head() {
    const more = el("button", { type: "button", class: "icon", "aria-label": `Việc khác trên máy của ${this.phone.name}`, onclick: () => this.more() }, sign("dots"));
    const channel = el("span", { class: "channel" }, channelOf(this.phone).name);
    const who = el("div", { class: "who" }, el("h2", { title: this.phone.name }, this.phone.name), el("p", { title: this.phone.role }, channel, this.phone.role));
    return el("header", {}, el("span", { class: "face", "aria-hidden": "true" }, initials(this.phone.name)), who, more);
  }

  /** Bring the phone up to an event; `fresh` is false while the past is replayed. */
  update(event, fresh) {
    if (event.kind === "message" || event.kind === "edited") this.show(event.message, fresh);
    if (event.kind === "deleted") this.remove(event.message_id);
    if (event.kind === "typing" && fresh) this.passing("typing", "Đang soạn trả lời", TYPING);
    if (event.kind === "answered" && fresh && event.text) this.passing("notice", event.text, NOTICE);
    if (["keyboard", "menu", "blocked"].includes(event.kind)) this.composer.draw();
  }

  show(message, fresh) {
    const old = this.shown.get(message.id);
    const focused = old?.contains(document.activeElement);
    const element = messageElement(this.phone, message, {
      press: (of, button) => this.press(of, button),
      choose: (label) => this.composer.do("press", { label }),
      edit: (of) => this.composer.edit(of),
    });
    this.shown.set(message.id, element);
    if (old) old.replaceWith(element);
    else this.append(message, element, fresh);
    if (old && this.atEnd) this.toEnd();
    if (old && fresh) element.querySelector(".bubble").classList.add("flash");
    if (focused) this.log.focus({ preventScroll: true });
  }

  append(message, element, fresh) {
    const opened = this.empty.isConnected;
    this.empty.remove();
    const day = dayOf(message.at);
    if (day !== this.lastDay) this.log.append(el("p", { class: "day" }, day));
    this.lastDay = day;
    this.log.append(element);
    this.chat.querySelector(":scope > .typing")?.remove();
    this.newest = fresh && message.by === "service" ? element : null;
    this.toEnd();
    element.querySelector("img")?.addEventListener("load", () => this.atEnd && this.toEnd());
    if (opened || message.by === "person") this.composer.draw();
  }

  /** Keep the newest message in sight while the space changes, unless the reader scrolled away. */
  stayAtEnd() {
    const { log } = this;
    let height = 0;
    this.atEnd = true;
    log.addEventListener("scroll", () => {
      if (log.clientHeight === height) this.atEnd = log.scrollTop + height > log.scrollHeight - 40;
    });
    new ResizeObserver(() => {
      height = log.clientHeight;
      if (this.atEnd) this.toEnd();
    }).observe(log);
  }

  /** To the newest message; one that is longer than the screen is read from its first line. */
  toEnd() {
    const { log, newest } = this;
    log.scrollTop = log.scrollHeight;
    this.atEnd = true;
    if (!newest?.isConnected || newest.offsetHeight < log.clientHeight) return;
    log.scrollTop += newest.getBoundingClientRect().top - log.getBoundingClientRect().top - 6;
  }

  remove(id) {
    this.shown.get(id)?.remove();
    this.shown.delete(id);
  }

  press(message, button) {
    return this.composer.do("press", { message: message.id, label: button.label, token: button.token });
  }

  passing(kind, words, time) {
    this.chat.querySelector(`:scope > .${kind}`)?.remove();
    const note = el("p", { class: kind, role: "status" }, words);
    this.chat.append(note);
    setTimeout(() => note.remove(), time);
  }

  more() {
    const old = this.element.querySelector(":scope > .sheet:not(.low)");
    if (old) return old.remove();
    const sheet = el("div", { class: "sheet" });
    const entry = (title, detail, run) =>
      el("button", { type: "button", onclick: () => (sheet.remove(), run()) }, title, el("small", {}, detail));
    const blocked = this.phone.blocked;
    sheet.append(
      entry(blocked ? "Bỏ chặn hệ thống" : "Chặn hệ thống", blocked ? "Nhận tin trở lại" : "Như khi chủ máy chặn", () => this.composer.do("block", { blocked: !blocked })),
      entry(channelOf(this.phone).begin(this.phone.start), channelOf(this.phone).begins(this.phone.start), () => this.composer.do("start", { code: this.phone.start })),
    );
    sheet.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      sheet.remove();
      this.element.querySelector("header button").focus();
    });
    this.element.append(sheet);
    sheet.querySelector("button").focus();
  }

  /** Mark the phone whose turn it is, and the button that the story means. */
  hint(turn, label) {
    this.element.classList.toggle("turn", turn);
    for (const old of this.element.querySelectorAll(".hint")) old.classList.remove("hint");
    if (!turn || !label) return;
    const buttons = [...this.element.querySelectorAll(".buttons button, .keyboard button, .choices button")];
    buttons.filter((button) => (button.dataset.label ?? button.textContent.trim()) === label).pop()?.classList.add("hint");
  }
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  return (words.length > 1 ? words.at(-2)[0] + words.at(-1)[0] : words[0].slice(0, 2)).toUpperCase();
}
