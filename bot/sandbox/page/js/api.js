// Calls to the sandbox; a refusal becomes an Error with its Vietnamese sentence.

async function ask(path, options = {}) {
  const answer = await fetch(path, options);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error || "Máy chủ chạy thử chưa trả lời được.");
  return body;
}

const json = (data) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(data),
});

export const state = () => ask("/sandbox/state");
export const act = (phone, name, data) => ask(`/sandbox/phones/${encodeURIComponent(phone)}/${name}`, json(data));
export const moveClock = (to) => ask("/sandbox/clock", json({ to }));
export const clock = () => ask("/sandbox/clock");
export const switches = () => ask("/sandbox/switches");
export const switchOn = (data) => ask("/sandbox/switches", json(data));
export const switchOff = (id) => ask(`/sandbox/switches/${id}`, { method: "DELETE" });
export const transcript = async () => (await fetch("/sandbox/transcript")).text();
export const fileAddress = (id) => `/sandbox/files/${encodeURIComponent(id)}`;

export function upload(phone, name, files, data) {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  for (const [key, value] of Object.entries(data)) form.append(key, value);
  return ask(`/sandbox/phones/${encodeURIComponent(phone)}/${name}`, { method: "POST", body: form });
}

/** Every event from the beginning, in order; the browser reconnects by itself, a restarted server is read anew. */
export function follow(onEvent) {
  const source = new EventSource("/sandbox/events?after=0");
  source.addEventListener("restart", () => location.reload());
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
}
