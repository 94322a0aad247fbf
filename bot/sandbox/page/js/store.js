// What the page knows: the phones, reduced from the sandbox's events.

/** Holds the phones by id; `changed` is called with the phone and the event. */
export class Store {
  constructor(state) {
    this.phones = new Map();
    this.events = [];
    this.listeners = [];
    for (const profile of state.phones) this.phones.set(profile.id, fresh(profile));
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  apply(event) {
    if (event.number <= this.events.length) return;
    this.events.push(event);
    if (event.kind === "phone" && !this.phones.has(event.phone)) this.phones.set(event.phone, fresh(event.profile));
    const phone = this.phones.get(event.phone);
    if (phone) REDUCERS[event.kind]?.(phone, event);
    for (const listener of this.listeners) listener(phone, event);
  }
}

const fresh = (profile) => ({
  ...profile,
  opened: profile.opened,
  blocked: false,
  keyboard: [],
  messages: new Map(),
});

const REDUCERS = {
  message(phone, event) {
    phone.messages.set(event.message.id, event.message);
    phone.opened ||= event.message.by === "person";
  },
  edited(phone, event) {
    phone.messages.set(event.message.id, event.message);
  },
  deleted(phone, event) {
    phone.messages.delete(event.message_id);
  },
  keyboard(phone, event) {
    phone.keyboard = event.keyboard;
    phone.placeholder = event.placeholder;
  },
  menu(phone, event) {
    phone.menu = event.menu;
  },
  blocked(phone, event) {
    phone.blocked = event.blocked;
  },
};
