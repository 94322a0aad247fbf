// Starts the page: loads the state, follows the events, hands each to whom it concerns.

import * as api from "./api.js";
import { Clock } from "./clock.js";
import { sign, toast } from "./dom.js";
import { PhoneView } from "./phone.js";
import { Store } from "./store.js";
import { Story } from "./story.js";
import { Switches } from "./switches.js";
import { Tabs } from "./tabs.js";

const narrow = window.matchMedia("(max-width: 760px)");

async function start() {
  const state = await api.state();
  const store = new Store(state);
  const table = document.getElementById("phones");
  table.classList.toggle("several", state.channels.length > 1);
  const views = new Map();
  const place = (phone) => {
    const view = new PhoneView(phone);
    views.set(phone.id, view);
    table.append(view.element);
    return view;
  };
  const clock = new Clock(state.clock);
  for (const phone of store.phones.values()) place(phone);
  const tabs = new Tabs(views, state.channels.length > 1);
  const switches = new Switches(state.switches, state.channels);
  const story = new Story(state.story, views, (id) => turnTo(id, tabs, views));
  store.listen((phone, event) => {
    const fresh = event.number > state.last_event;
    if (phone && !views.has(phone.id)) tabs.add(phone.id, place(phone));
    if (phone) views.get(phone.id).update(event, fresh);
    if (event.kind === "clock" && fresh) clock.set(event.now);
    if (event.kind === "message" && fresh && event.message.by === "service") tabs.unread(phone.id);
    story.update(event);
    if (event.number >= state.last_event) story.draw();
    if (fresh) switches.refresh();
  });
  story.draw();
  api.follow((event) => store.apply(event));
  tools();
}

function turnTo(id, tabs, views) {
  tabs.turn(id);
  const view = views.get(id);
  if (narrow.matches && view) tabs.select(id);
  else view?.element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "smooth" });
}

function tools() {
  const more = document.getElementById("more");
  more.append(sign("dots"));
  more.addEventListener("click", () => {
    const open = document.querySelector(".top").classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
  });
  document.getElementById("copy").addEventListener("click", copy);
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest(".sheet, .icon")) return;
    for (const sheet of document.querySelectorAll(".sheet")) sheet.remove();
  });
}

async function copy() {
  const text = await api.transcript();
  try {
    await navigator.clipboard.writeText(text);
    toast("Đã chép kịch bản vào bộ nhớ tạm.");
  } catch {
    save(text);
    toast("Trình duyệt không cho chép, đã tải kịch bản về thành tệp.");
  }
}

function save(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = "kich-ban.txt";
  link.click();
  URL.revokeObjectURL(link.href);
}

start().catch((problem) => toast(problem.message));
