// The foot of a phone: the line to write on, attachments, commands, main keyboard.

import * as api from "./api.js";
import { channelOf } from "./channels.js";
import { el, sign, toast } from "./dom.js";
import { PLACE, samplePhoto } from "./samples.js";

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.editing = null;
    this.element = el("footer", { class: "composer" });
    this.input = el("textarea", {
      rows: 1,
      "aria-label": `Nhắn từ máy của ${phone.name}`,
      oninput: () => this.grow(),
      onkeydown: (event) => this.key(event),
    });
    this.files = el("input", { type: "file", hidden: true, onchange: () => this.chosen() });
    this.draw();
  }

  /** Show what fits the phone's state: start, blocked, or the line with its keyboard. */
  draw() {
    const writing = document.activeElement === this.input;
    if (this.phone.blocked) this.element.replaceChildren(this.blocked());
    else if (!this.phone.opened) this.element.replaceChildren(this.begin());
    else this.element.replaceChildren(...this.lines());
    if (writing) this.input.focus();
  }

  begin() {
    const start = () => this.do("start", { code: this.phone.start });
    return el("button", { type: "button", class: "strong begin", onclick: start }, channelOf(this.phone).begin(this.phone.start));
  }

  blocked() {
    const open = () => this.do("block", { blocked: false });
    return el("div", { class: "blocked" }, "Máy này đang chặn hệ thống.", el("button", { type: "button", class: "quiet", onclick: open }, "Bỏ chặn"));
  }

  lines() {
    this.input.placeholder = this.phone.placeholder || channelOf(this.phone).placeholder;
    const menu = this.phone.menu?.length
      ? el("button", { type: "button", class: "icon menu", "aria-label": "Danh mục lệnh", onclick: () => this.toggle("menu") }, "Lệnh")
      : null;
    const attach = el("button", { type: "button", class: "icon", "aria-label": "Gửi ảnh, ghi âm, tệp", onclick: () => this.toggle("attach") }, sign("plus"));
    const send = el("button", { type: "button", class: "icon send", "aria-label": "Gửi tin", onclick: () => this.send() }, sign("send"));
    return [this.about(), el("div", { class: "line" }, menu, attach, this.input, send), this.keys(), this.files].filter(Boolean);
  }

  about() {
    if (!this.editing) return null;
    return el("div", { class: "about" }, el("span", {}, "Đang sửa tin đã gửi"), el("button", { type: "button", class: "quiet", onclick: () => this.edit(null) }, "Thôi"));
  }

  keys() {
    if (!this.phone.keyboard.length) return null;
    const rows = this.phone.keyboard.map((row) => el("div", { class: "row" }, row.map((key) => this.keyElement(key))));
    return el("div", { class: "keyboard", role: "group", "aria-label": "Bàn phím chính" }, rows);
  }

  keyElement(key) {
    return el("button", { type: "button", onclick: () => this.do("press", { label: key.label }) }, key.label);
  }

  key(event) {
    if (event.key === "Escape" && this.editing) this.edit(null);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 130)}px`;
  }

  /** Put a text on the line, as if typed. */
  write(text) {
    this.input.value = text;
    this.grow();
  }

  async send() {
    const text = this.input.value;
    if (!text.trim()) return;
    const sent = this.editing ? await this.do("edit", { message: this.editing.id, text }) : await this.do("text", { text });
    if (!sent) return;
    this.write("");
    if (this.editing) this.edit(null);
  }

  /** Begin to edit a message sent before; null leaves it. */
  edit(message) {
    this.editing = message;
    this.draw();
    this.write(message?.text ?? "");
    this.input.focus();
  }

  toggle(kind) {
    const open = this.sheet?.isConnected && this.sheet.dataset.kind === kind;
    this.sheet?.remove();
    if (open) return;
    const entries = kind === "menu" ? this.commands() : this.attachments();
    this.sheet = el("div", { class: "sheet low", "data-kind": kind }, entries);
    this.sheet.addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
    this.element.before(this.sheet);
    this.sheet.querySelector("button").focus();
  }

  leave() {
    this.sheet?.remove();
    this.input.focus();
  }

  commands() {
    return this.phone.menu.map((entry) => this.entry(entry.description, `/${entry.command}`, () => this.do("text", { text: `/${entry.command}` })));
  }

  attachments() {
    const every = {
      photos: ["Ảnh từ máy", "Chữ đang gõ thành chú thích", () => this.choose("photos")],
      sample: ["Ảnh mẫu", "", async () => this.upload("photos", [await samplePhoto()])],
      samples: ["Hai ảnh mẫu", "Gửi thành một bộ", async () => this.upload("photos", [await samplePhoto(), await samplePhoto()])],
      voice: ["Ghi âm mẫu 0:48", "", () => this.do("voice", { seconds: 48 })],
      place: ["Vị trí mẫu", "", () => this.do("location", PLACE)],
      sticker: ["Nhãn dán", "", () => this.do("sticker", {})],
      contact: ["Danh thiếp", "", () => this.do("contact", {})],
      file: ["Tệp từ máy", "", () => this.choose("document")],
    };
    return channelOf(this.phone).sends.map((kind) => this.entry(...every[kind]));
  }

  entry(title, detail, run) {
    const pick = () => {
      this.leave();
      run();
    };
    return el("button", { type: "button", onclick: pick }, title, detail ? el("small", {}, detail) : null);
  }

  choose(kind) {
    this.kind = kind;
    this.files.multiple = kind === "photos";
    this.files.accept = kind === "photos" ? "image/*" : "";
    this.files.value = "";
    this.files.click();
  }

  chosen() {
    if (this.files.files.length) this.upload(this.kind, [...this.files.files]);
  }

  async upload(kind, files) {
    const caption = this.input.value;
    this.write("");
    return this.try(() => api.upload(this.phone.id, kind, files, { caption }));
  }

  do(name, data) {
    return this.try(() => api.act(this.phone.id, name, data));
  }

  async try(run) {
    try {
      await run();
      return true;
    } catch (problem) {
      toast(problem.message);
      return false;
    }
  }
}
