// The panel that makes the server misbehave.

import * as api from "./api.js";
import { el, toast } from "./dom.js";

const KINDS = {
  too_many: "Báo gửi quá nhanh (429)",
  server_error: "Máy chủ hỏng (502)",
  drop_before: "Đứt mạng trước khi nhận",
  drop_after: "Đứt mạng sau khi đã nhận",
  slow: "Trả lời chậm 5 giây",
  duplicate: "Giao tin của người dùng hai lần",
  malformed: "Kèm một tin không đọc được",
  strict_rate: "Giữ nhịp: 30 tin một giây, mỗi máy 1 tin",
};
const METHODS = {
  "*": "mọi lời gọi",
  "send*": "khi gửi tin",
  "edit*": "khi sửa tin",
  getUpdates: "khi nhận tin",
  download: "khi tải tệp",
};
const DETAILS = { too_many: { retry_after: 3 }, slow: { seconds: 5 } };

export class Switches {
  constructor(on) {
    this.element = document.getElementById("switches");
    this.opener = document.getElementById("trouble");
    this.kind = choice(KINDS);
    this.method = choice(METHODS);
    this.count = el("input", { type: "number", min: 1, value: 1, "aria-label": "Số lần, để trống là đến khi tắt" });
    this.list = el("ul", { class: "on", "aria-label": "Đang bật" });
    this.opener.addEventListener("click", () => this.toggle());
    this.element.append(
      el("p", {}, "Mạng thật có lúc hỏng. Bật một trục trặc rồi dùng các máy như thường: không tin nào được mất, không phiếu nào bị ghi đôi. Để trống số lần thì trục trặc kéo dài đến khi tắt."),
      this.form(),
      this.list,
    );
    this.draw(on);
  }

  form() {
    const add = (event) => {
      event.preventDefault();
      this.run(() => api.switchOn(this.wanted()));
    };
    return el("form", { onsubmit: add }, label("Trục trặc", this.kind), label("Xảy ra", this.method), label("Số lần", this.count), el("button", { class: "strong" }, "Bật"));
  }

  wanted() {
    const data = { kind: this.kind.value, method: this.method.value, ...DETAILS[this.kind.value] };
    if (this.count.value) data.count = Number(this.count.value);
    if (["duplicate", "malformed", "strict_rate"].includes(data.kind)) delete data.method;
    return data;
  }

  async toggle() {
    this.element.hidden = !this.element.hidden;
    this.opener.setAttribute("aria-expanded", String(!this.element.hidden));
    if (this.element.hidden) return;
    this.draw(await api.switches());
    this.kind.focus();
  }

  async run(call) {
    try {
      this.draw(await call());
    } catch (problem) {
      toast(problem.message);
    }
  }

  /** Counts go down while the phones are used. */
  refresh() {
    if (!this.list.children.length || this.asked) return;
    this.asked = setTimeout(async () => {
      this.asked = 0;
      this.draw(await api.switches());
    }, 400);
  }

  draw(on) {
    this.list.replaceChildren(...on.map((each) => this.entry(each)));
    this.opener.textContent = on.length ? `Thử trục trặc (${on.length})` : "Thử trục trặc";
  }

  entry(each) {
    const times = each.left === null ? "đến khi tắt" : `còn ${each.left} lần`;
    const where = each.method === "*" ? "" : `, ${METHODS[each.method] ?? each.method}`;
    const words = `${KINDS[each.kind] ?? each.description}${where}: ${times}`;
    return el("li", {}, words, el("button", { type: "button", "aria-label": `Tắt: ${words}`, onclick: () => this.run(() => api.switchOff(each.id)) }, "Tắt"));
  }
}

const choice = (words) => el("select", {}, Object.entries(words).map(([value, name]) => el("option", { value }, name)));

const label = (words, control) => el("label", {}, words, control);
