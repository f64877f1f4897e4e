// The conditions under which LINE works today: switches, faults, quota.

import * as api from "./api.js";
import { byId, fill, h, toast, two } from "./dom.js";
import { loadSettings, store } from "./store.js";

const FAULTS = [
  ["error", "500 ไม่ได้ทำ"], ["done_then_error", "500 แต่ทำแล้ว"], ["rate", "429 ถี่เกินไป"], ["quota", "429 หมดโควตา"],
  ["hang", "ช้า 3 วินาที"], ["close", "ตัดสาย ไม่ได้ทำ"], ["done_then_close", "ตัดสาย แต่ทำแล้ว"],
];
const PLACES = [["/v2/bot/message/reply", "reply"], ["/v2/bot/message/push", "push"], ["/v2/bot/message/*", "ทุกการส่ง"], ["*", "ทุกคำขอ"]];
const HANG_SECONDS = 3;

export function drawConditions() {
  const { switches, habits, quota, faults, webhook } = store.settings;
  if (!switches) return;
  fill(byId("panel-world"),
    h("h3", {}, two("บัญชีทางการ", "Official account")),
    toggle("บัญชีที่ยืนยันแล้ว", "Verified: may list members", switches.isVerified, (on) => api.post("/switches", { isVerified: on })),
    toggle("ให้เชิญเข้ากลุ่มได้", "May be invited to groups", switches.joinsGroups, (on) => api.post("/switches", { joinsGroups: on })),
    h("dl", {},
      fact("ใช้โควตาเดือนนี้", `${quota.used}${quota.limit === null ? "" : ` / ${quota.limit}`}`),
      fact("เว็บฮุก", h("code", {}, webhook || "ยังไม่ได้ตั้ง"))),
    h("div", { class: "fields" },
      quotaButton(300, "จำกัด 300", quota.limit),
      quotaButton(null, "ไม่จำกัด", quota.limit)),
    h("h3", {}, two("การส่งเว็บฮุก", "Webhook delivery")),
    toggle("ส่งซ้ำเมื่อไม่สำเร็จ", "Redelivery", habits.redelivers, (on) => api.post("/habits", { redelivers: on })),
    toggle("ส่งซ้อนโดยไม่บอก", "Unmarked duplicates", habits.extraCopies > 0, (on) => api.post("/habits", { extraCopies: on ? 1 : 0 })),
    toggle("มาช้า 5 วินาที", "Late by five seconds", habits.delayMs > 0, (on) => api.post("/habits", { delayMs: on ? 5000 : 0 })),
    toggle(`กักไว้${habits.held ? ` (${habits.held})` : ""}`, "Hold back, then release shuffled", habits.holds, hold),
    h("h3", {}, two("ความผิดพลาดครั้งถัดไป", "Next fault")),
    faultForm(),
    ...faults.map((fault) => h("div", { class: "card card-head" }, h("span", {}, labelOf(fault.kind)), h("code", {}, fault.path))),
    faults.length > 0 && h("button", { type: "button", class: "link-button", onclick: () => act(api.remove("/faults")) }, two("ยกเลิกทั้งหมด", "Clear")));
}

const labelOf = (kind) => FAULTS.find(([name]) => name === kind)?.[1] ?? kind;
const fact = (name, value) => h("div", { class: "fact" }, h("dt", {}, name), h("dd", {}, value));

function quotaButton(limit, words, now) {
  return h("button", { type: "button", "aria-pressed": String(limit === now), onclick: () => act(api.post("/quota", { limit })) }, words);
}

async function act(promise) {
  try {
    await promise;
    await loadSettings();
  } catch (error) {
    toast(`ทำไม่ได้: ${error.message}`);
  }
}

async function hold(on) {
  await api.post("/habits", { holds: on });
  if (!on) await api.post("/release", { order: "shuffled" });
}

function toggle(thai, english, isOn, change) {
  const box = h("input", { type: "checkbox", checked: isOn, onchange: (event) => act(change(event.target.checked)) });
  return h("label", { class: "switch-row" }, h("span", {}, thai, h("small", {}, english)), box);
}

function faultForm() {
  const options = (list) => list.map(([value, words]) => h("option", { value }, words));
  const kind = h("select", { "aria-label": "ชนิด · Kind" }, options(FAULTS));
  const place = h("select", { "aria-label": "ที่ · Endpoint" }, options(PLACES));
  const inject = () => act(api.post("/faults", { kind: kind.value, path: place.value, times: 1, seconds: kind.value === "hang" ? HANG_SECONDS : 0 }));
  return h("div", { class: "fields" }, kind, place, h("button", { type: "button", class: "wide", onclick: inject }, two("ให้เกิดหนึ่งครั้ง", "Once")));
}
