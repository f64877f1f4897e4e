// Dates of the Buddhist era, in Bangkok, wherever the browser stands.

const ZONE = "Asia/Bangkok";
const CALENDAR = "th-TH-u-ca-buddhist-nu-latn";
const format = (options) => new Intl.DateTimeFormat(CALENDAR, { timeZone: ZONE, ...options });

const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockWithSeconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = format({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const shortDay = format({ day: "numeric", month: "short" });

const yearOnly = (text) => text.replace(/\s*พ\.ศ\.\s*/, " ");

export const timeOf = (ms) => clock.format(ms);
export const exactTimeOf = (ms) => clockWithSeconds.format(ms);
export const dayOf = (ms) => yearOnly(day.format(ms));

export function shortTimeOf(ms) {
  return dayOf(ms) === dayOf(Date.now()) ? timeOf(ms) : shortDay.format(ms);
}

export function dayLabel(ms) {
  if (dayOf(ms) === dayOf(Date.now())) return "วันนี้";
  if (dayOf(ms) === dayOf(Date.now() - 86_400_000)) return "เมื่อวานนี้";
  return dayOf(ms);
}
