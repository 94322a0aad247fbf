// On a narrow screen one phone at a time, with a tab for each.

import { channelOf } from "./channels.js";
import { el } from "./dom.js";

export class Tabs {
  constructor(views, several) {
    this.views = views;
    this.several = several;
    this.element = document.getElementById("tabs");
    this.tabs = new Map();
    for (const [id, view] of views) this.add(id, view);
    if (views.size) this.select(views.keys().next().value);
  }

  add(id, view) {
    const { phone } = view;
    const words = (phone.tab || phone.name) + (this.several ? ` · ${channelOf(phone).name}` : "");
    const tab = el("button", { type: "button", role: "tab", "aria-controls": `phone-${id}`, onclick: () => this.select(id) }, words);
    tab.addEventListener("keydown", (event) => this.arrow(event, id));
    this.tabs.set(id, tab);
    this.element.append(tab);
  }

  arrow(event, id) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const ids = [...this.tabs.keys()];
    const next = ids[(ids.indexOf(id) + step + ids.length) % ids.length];
    this.select(next);
    this.tabs.get(next).focus();
  }

  select(id) {
    this.selected = id;
    for (const [each, tab] of this.tabs) {
      const chosen = each === id;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      this.views.get(each).element.classList.toggle("shown", chosen);
      if (chosen) tab.querySelector(".unread")?.remove();
    }
    this.tabs.get(id)?.scrollIntoView({ block: "nearest", inline: "center" });
    this.views.get(id)?.toEnd();
  }

  /** A dot on the tab of a phone that got a message unseen. */
  unread(id) {
    const tab = this.tabs.get(id);
    if (id === this.selected || !tab || tab.querySelector(".unread")) return;
    tab.append(el("span", { class: "unread", role: "img", "aria-label": "có tin mới" }));
  }

  /** Mark the tab of the phone whose turn it is. */
  turn(id) {
    for (const [each, tab] of this.tabs) tab.classList.toggle("turn", each === id);
  }
}
