// The guided story: which step is due, shown on top, with a hand for those who want it.

import * as api from "./api.js";
import { el, toast } from "./dom.js";
import { PLACE, samplePhoto } from "./samples.js";

export class Story {
  constructor(story, views, onTurn) {
    this.steps = story.steps;
    this.title = story.title;
    this.views = views;
    this.onTurn = onTurn;
    this.now = 0;
    this.busy = false;
    this.element = document.getElementById("story");
    this.element.hidden = !this.steps.length;
  }

  /** Move on when the event shows what the step waits for. */
  update(event) {
    const step = this.steps[this.now];
    if (step && finishes(step, event, (id) => this.views.get(id)?.phone)) this.now += 1;
  }

  draw() {
    if (!this.steps.length) return;
    const step = this.steps[this.now];
    for (const [id, view] of this.views) view.hint(id === step?.phone, step?.does.press);
    const bar = el("progress", { max: this.steps.length, value: this.now, "aria-label": "Tiến độ câu chuyện" });
    this.element.replaceChildren(...(step ? this.due(step) : this.finished()), bar);
    if (step && this.drawn !== this.now) this.onTurn(step.phone);
    this.drawn = this.now;
  }

  due(step) {
    const phone = this.views.get(step.phone)?.phone;
    const help = el("button", { type: "button", class: "strong", onclick: () => this.help() }, "Làm giúp bước này");
    help.disabled = this.busy || !Object.keys(step.does).length;
    const next = el("button", { type: "button", class: "quiet", onclick: () => this.skip() }, "Sang bước sau");
    return [
      el("p", { class: "count" }, `Bước ${this.now + 1}/${this.steps.length}`, this.title ? el("small", {}, this.title) : null),
      el("p", { class: "says", "aria-live": "polite" }, phone ? el("b", {}, `${phone.name}. `) : null, step.says),
      el("div", { class: "do" }, help, next),
    ];
  }

  finished() {
    return [
      el("span", { class: "count" }, "Đã xong"),
      el("p", { class: "says" }, "Câu chuyện đã hết. Các máy vẫn dùng được: nhắn, bấm, chuyển đồng hồ tùy ý."),
    ];
  }

  skip() {
    this.now += 1;
    this.draw();
  }

  async help() {
    const step = this.steps[this.now];
    this.busy = true;
    this.draw();
    try {
      await perform(step.does, this.views.get(step.phone));
    } catch (problem) {
      toast(problem.message);
    }
    this.busy = false;
    this.draw();
  }
}

function finishes(step, event, phoneOf) {
  if (!step.done_when) return byPerson(step, event);
  if (!same(phoneOf(event.phone), phoneOf(step.done_on || step.phone))) return false;
  if (event.kind === "answered") return event.text.includes(step.done_when);
  if (event.kind !== "message" && event.kind !== "edited") return false;
  if (event.message.by !== "service") return false;
  const labels = event.message.buttons.flat().map((button) => button.label);
  return [event.message.text, ...labels].some((words) => words.includes(step.done_when));
}

/** Whether both are phones of one person. */
const same = (one, other) => Boolean(one && other) && (one === other || (one.code !== "" && one.code === other.code));

function byPerson(step, event) {
  if (event.kind === "clock") return "clock" in step.does;
  if (event.phone !== step.phone) return false;
  return event.kind === "pressed" || (event.kind === "message" && event.message.by === "person");
}

const ACTS = {
  text: async (text, { composer }) => {
    composer.write(text);
    await new Promise((done) => setTimeout(done, 450));
    await composer.send();
  },
  press: (label, { phone }) => api.act(phone.id, "press", { label }),
  start: (code, { phone }) => api.act(phone.id, "start", { code: code === true ? phone.start : code }),
  voice: (seconds, { phone }) => api.act(phone.id, "voice", { seconds }),
  location: (place, { phone }) => api.act(phone.id, "location", Array.isArray(place) ? { latitude: place[0], longitude: place[1] } : PLACE),
  photo: async (caption, { phone }) => api.upload(phone.id, "photos", [await samplePhoto()], { caption: caption === true ? "" : caption }),
  clock: (to) => api.moveClock(to),
};

async function perform(does, view) {
  for (const [name, value] of Object.entries(does)) await ACTS[name](value, view);
}
