// The service's clock: shown, and moved forward.

import * as api from "./api.js";
import { el, toast } from "./dom.js";
import { dayOf, timeOf, useZone } from "./times.js";

export class Clock {
  constructor(clock) {
    useZone(clock.zone);
    this.time = el("b");
    this.day = el("small");
    this.date = el("input", { "aria-label": "Chuyển đồng hồ đến ngày, giờ", placeholder: "30/11/2026 07:15", required: true });
    this.buttons = [
      this.button("+1 giờ", () => this.move("+1h")),
      this.button("Đến 07:15 sáng", () => this.move("next 07:15")),
    ];
    const go = el("button", { class: "quiet" }, "Đến");
    this.buttons.push(go);
    const form = el("form", { onsubmit: (event) => (event.preventDefault(), this.move(iso(this.date.value))) }, this.date, go);
    document.getElementById("clock").append(el("output", {}, this.time, this.day), ...this.buttons.slice(0, 2), form);
    this.set(clock.now);
    setInterval(() => this.draw(), 5000);
  }

  button(words, run) {
    return el("button", { type: "button", class: "quiet", onclick: run }, words);
  }

  /** Show this moment and run on from it. */
  set(now) {
    this.ahead = new Date(now) - new Date();
    if (document.activeElement !== this.date) this.date.value = local(new Date(now));
    this.draw();
  }

  draw() {
    const now = new Date(Date.now() + this.ahead);
    this.time.textContent = timeOf(now);
    this.day.textContent = dayOf(now);
  }

  async move(to) {
    for (const button of this.buttons) button.disabled = true;
    try {
      this.date.blur();
      this.set((await api.moveClock(to)).now);
    } catch (problem) {
      toast(problem.message);
    }
    for (const button of this.buttons) button.disabled = false;
  }
}

const local = (now) => `${dayOf(now).match(/[\d/]+/)[0]} ${timeOf(now)}`;

/** "30/11/2026 7:15" as the server reads it; the morning round where no hour is given. */
function iso(words) {
  const found = words.trim().match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s+(\d{1,2})[:h](\d{2}))?$/);
  if (!found) return words;
  const [, day, month, year, hour = "7", minute = "15"] = found;
  const two = (digits) => digits.padStart(2, "0");
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${minute}`;
}
