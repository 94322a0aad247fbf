// Times as the province reads them.

let zone = "Asia/Ho_Chi_Minh";

const format = (options) => new Intl.DateTimeFormat("vi-VN", { timeZone: zone, ...options });

export function useZone(name) {
  zone = name;
}

export const timeOf = (at) => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));

export function dayOf(at) {
  const words = format({ weekday: "long", day: "2-digit", month: "2-digit", year: "numeric" }).format(new Date(at));
  return words.charAt(0).toUpperCase() + words.slice(1);
}
