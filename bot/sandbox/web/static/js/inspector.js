// The inspector: the webhook, the product's own account of it, and what it asked of LINE.

import { get } from "./api.js";
import { byId, fill, h, two } from "./dom.js";
import { exactTimeOf } from "./dates.js";
import { drawConditions } from "./conditions.js";
import { findMessage, nameOf, onChange, store } from "./store.js";

const ASK_AGAIN_MS = 600;
const MOST_ASKS = 15;

let shownId = null;
let pinned = null; // the message that was tapped; null: follow the newest event
let asks = 0;
let timer;

export function setUpInspector() {
  byId("open-inspector").addEventListener("click", () => setOpen(true));
  byId("close-inspector").addEventListener("click", () => setOpen(false));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !byId("dialog").open) setOpen(false); });
  for (const name of ["event", "world"]) byId(`tab-${name}`).addEventListener("click", () => choose(name));
  onChange(onNews);
  drawNothing();
}

function setOpen(isOpen) {
  byId("app").dataset.inspector = isOpen ? "open" : "closed";
  if (isOpen) refresh();
}

function choose(name) {
  for (const other of ["event", "world"]) {
    byId(`tab-${other}`).setAttribute("aria-selected", String(other === name));
    byId(`panel-${other}`).hidden = other !== name;
  }
  if (name === "world") drawConditions();
}

function onNews(changes) {
  if (changes.settings) return byId("panel-world").hidden || drawConditions();
  if (!pinned && store.lastEventId !== shownId) return show(store.lastEventId);
  if ((changes.deliveries?.length || changes.calls?.length) && shownId) askSoon();
  return undefined;
}

export function inspectEvent(eventId, messageId = null) {
  if (!eventId) return;
  setOpen(true);
  pinEvent(eventId, messageId);
}

/** Shows it where the inspector is open, and does not open it where it would cover the chat. */
export function pinEvent(eventId, messageId) {
  pinned = messageId;
  choose("event");
  show(eventId);
}

function show(eventId) {
  shownId = eventId;
  asks = 0;
  mark();
  refresh();
}

function mark() {
  for (const row of document.querySelectorAll(".row.selected")) row.classList.remove("selected");
  if (pinned) document.querySelector(`.row[data-id="${pinned}"]`)?.classList.add("selected");
}

function askSoon() {
  asks = Math.min(asks, MOST_ASKS - 3);
  clearTimeout(timer);
  timer = setTimeout(refresh, 150);
}

async function refresh() {
  const wanted = shownId;
  if (!wanted) return;
  clearTimeout(timer);
  try {
    const [story, inspected] = await Promise.all([get(`/events/${wanted}`), get(`/inspect/${wanted}`)]);
    if (wanted !== shownId) return;
    draw(story, inspected);
    if (!isSettled(story, inspected) && (asks += 1) < MOST_ASKS) timer = setTimeout(refresh, ASK_AGAIN_MS);
  } catch {
    if (wanted === shownId) fill(byId("panel-event"), calm("อ่านเหตุการณ์นี้ไม่ได้แล้ว", "This event can no longer be read."));
  }
}

function isSettled(story, inspected) {
  if (inspected.reason === "not_configured") return story.deliveries.length > 0;
  return Boolean(inspected.account?.decision) && story.deliveries.length > 0;
}

function drawNothing() {
  fill(byId("panel-event"), calm("ยังไม่มีเหตุการณ์ พูดอะไรสักอย่างในแชต แล้วดูที่นี่ว่าเกิดอะไรขึ้นเบื้องหลัง", "No event yet. Say something, and see here what happens behind it."));
}

const calm = (thai, english) => h("p", { class: "calm" }, thai, h("small", {}, english));
const pill = (words, tone = "") => h("span", { class: `pill ${tone}` }, words);
const fact = (name, value) => h("div", { class: "fact" }, h("dt", {}, name), h("dd", {}, value));
const raw = (value, words = "ดูข้อมูลดิบ · Raw") => h("details", {}, h("summary", {}, words), h("pre", { tabindex: "0" }, JSON.stringify(value, null, 2)));

function draw(story, inspected) {
  const open = [...byId("panel-event").querySelectorAll("details")].map((one) => one.open);
  fill(byId("panel-event"),
    ...pinnedNote(),
    h("h3", {}, two("ส่งถึงเว็บฮุก", "Webhook")), ...webhook(story),
    h("h3", {}, two("ผลิตภัณฑ์ทำอะไร", "What the product did")), ...account(inspected),
    h("h3", {}, two("คำขอถึง LINE", "Calls to LINE since")), ...calls(story.calls));
  byId("panel-event").querySelectorAll("details").forEach((one, index) => { one.open = open[index] ?? false; });
}

function pinnedNote() {
  if (!pinned) return [];
  return [h("p", {}, h("button", { type: "button", class: "link-button", onclick: () => { pinned = null; show(store.lastEventId); } }, "↺ ตามเหตุการณ์ล่าสุด · Follow the newest"))];
}

const EVENT_NAMES = {
  message: "ข้อความ", messageEdited: "แก้ไขข้อความ", unsend: "ยกเลิกการส่ง", postback: "กดปุ่ม", join: "บอทเข้ากลุ่ม", leave: "บอทออกจากกลุ่ม",
  memberJoined: "มีคนเข้ากลุ่ม", memberLeft: "มีคนออก", follow: "เพิ่มเพื่อน", unfollow: "บล็อก", accountLink: "ผูกบัญชี",
};

function webhook({ event, deliveries }) {
  const name = EVENT_NAMES[event.type] ?? event.type;
  const who = event.body.source?.userId;
  return [
    h("dl", {},
      fact("เหตุการณ์", `${name} (${event.type})`),
      fact("เวลา", exactTimeOf(event.happenedAt)),
      fact("จาก", who ? nameOf(who) : "ไม่มี userId"),
      fact("webhookEventId", h("code", {}, event.id))),
    ...(deliveries.length ? deliveries.map(delivery) : [calm("กำลังส่ง…", "On its way.")]),
    raw(event.body),
  ];
}

function delivery(one) {
  const isGood = one.status >= 200 && one.status < 300;
  const words = one.status ? `${one.status} · ${one.tookMs} ms` : REASONS[one.reason] ?? one.reason;
  return h("div", { class: "card card-head" },
    h("span", {}, one.redelivery ? `ส่งซ้ำครั้งที่ ${one.attempt - 1}` : "คำตอบจากเว็บฮุก"), pill(words, isGood ? "good" : "bad"));
}

const REASONS = { request_timeout: "ไม่ตอบใน 2 วินาที", could_not_connect: "ต่อไม่ติด" };

const NO_ACCOUNT = {
  not_configured: ["ไม่ได้ตั้ง --inspect จึงดูขั้นตอนภายในไม่ได้", "Start the sandbox with --inspect to see inside."],
  not_found: ["ผลิตภัณฑ์ยังไม่มีบันทึกของเหตุการณ์นี้", "The product has no account of this event (yet)."],
  unreachable: ["ผลิตภัณฑ์ไม่ตอบ", "The product does not answer."],
  refused: ["ผลิตภัณฑ์ไม่ให้ดู", "The product refused."],
  unreadable: ["อ่านคำตอบของผลิตภัณฑ์ไม่ได้", "The product's answer could not be read."],
};

function account({ account: found, reason }) {
  if (!found) return [calm(...(NO_ACCOUNT[reason] ?? NO_ACCOUNT.unreadable))];
  return [
    ...stages(found.stages ?? []), ...findings(found.findings ?? []), ...decision(found.decision),
    ...outbox(found.outbox ?? []), ...ledger(found.ledger ?? []), raw(found),
  ];
}

const whenOf = (at) => (typeof at === "number" ? exactTimeOf(at) : at && !Number.isNaN(Date.parse(at)) ? exactTimeOf(Date.parse(at)) : at ?? "");

function stages(list) {
  if (!list.length) return [];
  return [h("ol", { class: "stages" }, list.map((stage) => h("li", {},
    h("span", { class: "at" }, whenOf(stage.at)), h("span", {}, stage.name), stage.detail && h("div", { class: "detail" }, stage.detail))))];
}

function findings(list) {
  if (!list.length) return [h("p", { class: "card-note" }, "ไม่พบข้อมูลผู้ป่วย · Nothing found")];
  return [h("div", { class: "card" }, h("b", {}, two("พบ", "Findings")),
    h("div", { class: "chips" }, list.map((found) => h("span", { title: found.reason }, pill(found.label, "warn"), " ", h("small", {}, found.reason ?? "")))))];
}

function decision(made) {
  if (!made) return [h("p", { class: "card-note" }, "ยังไม่มีคำตัดสิน · No decision yet")];
  return [h("div", { class: "card" },
    h("div", { class: "card-head" }, h("b", {}, two("คำตัดสิน", "Decision")), pill(made.verdict)),
    h("ul", { class: "reasons" }, (made.reasons ?? []).map((reason) => h("li", {}, reason))),
    h("div", { class: "chips" }, (made.actions ?? []).map((action) => pill(action, "good"))),
    h("div", { class: "card-note" }, "กติการุ่น ", String(made.policy_version ?? "—")))];
}

function outbox(list) {
  return list.map((row) => h("div", { class: "card card-head" }, h("span", {}, "จะบอก: ", row.say), pill([row.state, row.via].filter(Boolean).join(" · "))));
}

function ledger(list) {
  return list.map((entry) => h("div", { class: "card" },
    h("div", { class: "card-head" }, h("b", {}, two("บัญชีเหตุการณ์", "Ledger")), h("small", {}, whenOf(entry.at))),
    h("div", {}, entry.kind), h("code", {}, String(entry.id ?? ""))));
}

function calls(list) {
  if (!list.length) return [calm("ยังไม่มีคำขอหลังเหตุการณ์นี้ (ข้อความธรรมดาควรเงียบ)", "None since. Harmless talk should stay silent.")];
  return list.map(callCard);
}

function callCard(call) {
  const swallowed = (call.answer?.sentMessages ?? []).some(({ id }) => findMessage(id)?.delivered === false);
  const tone = call.status >= 200 && call.status < 300 ? "good" : "bad";
  return h("div", { class: "card" },
    h("div", { class: "card-head" }, h("code", { title: call.path }, `${call.method} ${call.path.replace("/v2/bot", "")}`),
      pill(call.status ? `${call.status} · ${call.tookMs} ms` : "ตัดการเชื่อมต่อ", tone)),
    h("div", { class: "card-note" }, exactTimeOf(call.at), call.isReply && " · ตอบเหตุการณ์นี้", call.fault && ` · จำลองความผิดพลาด: ${call.fault}`),
    swallowed && pill("LINE ตอบ 200 แต่ไม่แสดง: ยังไม่เป็นเพื่อน", "warn"),
    raw({ request: call.body, answer: call.answer }));
}
