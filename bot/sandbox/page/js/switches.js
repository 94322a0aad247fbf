// The panel that makes the server misbehave.

import * as api from "./api.js";
import { CHANNELS } from "./channels.js";
import { el, toast } from "./dom.js";

const KINDS = {
  too_many: "Báo gửi quá nhanh",
  server_error: "Máy chủ hỏng (502)",
  drop_before: "Đứt mạng trước khi nhận",
  drop_after: "Đứt mạng sau khi đã nhận",
  slow: "Trả lời chậm 5 giây",
  duplicate: "Giao tin của người dùng hai lần",
  malformed: "Kèm một tin không đọc được",
};
const KINDS_OF = {
  telegram: { strict_rate: "Giữ nhịp: 30 tin một giây, mỗi máy 1 tin" },
  zalo: {
    html_429: "Cổng vào chặn vì gọi dồn (429, trang HTML)",
    html_502: "Cổng vào hỏng (502, trang HTML)",
    http_status: "Lỗi kèm mã HTTP thật",
    quota: "Hết số tin trong tháng",
    replay: "Trả lại mãi tin cuối",
    wrapped: "Tin gửi đến theo mẫu trong tài liệu",
    unpolled_lost: "Mất tin khi không ai lấy",
  },
  zalo_oa: {
    quota: "Hết số tin (-211)",
    not_follower: "Người nhận thôi quan tâm (-213)",
    token_expired: "Mã truy cập hết hạn (-220)",
    blocked_user: "Người nhận chặn (-222)",
    low_tier: "Gói OA không cho nút bấm (-224)",
    window_closed: "Quá bảy ngày không nhắn (-230)",
  },
};
const METHODS = {
  "*": "mọi lời gọi",
  "send*": "khi gửi tin",
  "message/*": "khi gửi tin",
  "edit*": "khi sửa tin",
  getUpdates: "khi nhận tin",
  access_token: "khi đổi mã truy cập",
  download: "khi tải tệp",
};
const METHODS_OF = {
  telegram: ["*", "send*", "edit*", "getUpdates", "download"],
  zalo: ["*", "send*", "getUpdates", "download"],
  zalo_oa: ["*", "message/*", "access_token", "download"],
};
const EVERYWHERE = ["duplicate", "malformed", "strict_rate", "replay", "wrapped", "unpolled_lost", "low_tier"];
const DETAILS = { too_many: { retry_after: 3 }, slow: { seconds: 5 } };

export class Switches {
  constructor(on, channels) {
    this.element = document.getElementById("switches");
    this.opener = document.getElementById("trouble");
    this.channels = channels;
    this.channel = choice(Object.fromEntries(channels.map((name) => [name, CHANNELS[name].name])), () => this.offer());
    this.kind = choice({});
    this.method = choice({});
    this.offer();
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
    const where = this.channels.length > 1 ? label("Kênh", this.channel) : null;
    return el("form", { onsubmit: add }, where, label("Trục trặc", this.kind), label("Xảy ra", this.method), label("Số lần", this.count), el("button", { class: "strong" }, "Bật"));
  }

  /** What can go wrong on the chosen channel. */
  offer() {
    const channel = this.channel.value;
    fill(this.kind, { ...KINDS, ...KINDS_OF[channel] });
    fill(this.method, Object.fromEntries(METHODS_OF[channel].map((name) => [name, METHODS[name]])));
  }

  wanted() {
    const kind = this.kind.value;
    const data = { kind, channel: this.channel.value, method: this.method.value, ...DETAILS[kind] };
    if (this.count.value) data.count = Number(this.count.value);
    if (EVERYWHERE.includes(kind)) delete data.method;
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
    const kind = KINDS_OF[each.channel]?.[each.kind] ?? KINDS[each.kind] ?? each.description;
    const channel = this.channels.length > 1 && CHANNELS[each.channel] ? `${CHANNELS[each.channel].name}: ` : "";
    const words = `${channel}${kind}${where}: ${times}`;
    return el("li", {}, words, el("button", { type: "button", "aria-label": `Tắt: ${words}`, onclick: () => this.run(() => api.switchOff(each.id)) }, "Tắt"));
  }
}

const options = (words) => Object.entries(words).map(([value, name]) => el("option", { value }, name));

const choice = (words, onchange) => el("select", onchange ? { onchange } : {}, options(words));

const fill = (select, words) => select.replaceChildren(...options(words));

const label = (words, control) => el("label", {}, words, control);
