// Menus at a message and at the speaker, and the sheet of members.

import * as api from "./api.js";
import { startEdit, startReply } from "./composer.js";
import { avatar, byId, fill, h, toast, two } from "./dom.js";
import { inspectEvent } from "./inspector.js";
import { summary } from "./message.js";
import { chat, isPrivate, nameOf, person, speakerIn, store } from "./store.js";
import { cancelButton, closeDialog, openDialog } from "./taps.js";

// LINE in Thailand offers to unsend for an hour.
const UNSEND_WITHIN_MS = 3_600_000;

let opener = null;

export function openMenu(rect, items, from = null) {
  const menu = byId("menu");
  opener = from ?? document.activeElement;
  from?.setAttribute("aria-expanded", "true");
  fill(menu, ...items);
  menu.hidden = false;
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(rect.left, innerWidth - width - 8));
  const below = rect.bottom + 6;
  const top = below + height > innerHeight - 8 ? Math.max(8, rect.top - height - 6) : below;
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${top}px`);
  menu.querySelector("button")?.focus();
}

export function closeMenu() {
  const menu = byId("menu");
  if (menu.hidden) return;
  menu.hidden = true;
  opener?.removeAttribute("aria-expanded");
  opener?.focus?.();
}

export function setUpMenus() {
  document.addEventListener("pointerdown", (event) => { if (!byId("menu").contains(event.target)) closeMenu(); });
  byId("menu").addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenu();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...byId("menu").querySelectorAll("button")];
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
  });
}

function item(words, act, { danger = false, extra = [] } = {}) {
  return h("button", { type: "button", role: "menuitem", class: danger ? "danger" : "", onclick: () => { closeMenu(); act(); } }, ...extra, h("span", {}, words));
}

async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(`ทำไม่ได้: ${error.message}`);
    return null;
  }
}

export function openMessageMenu(message, rect, from) {
  const mine = message.sender === speakerIn(chat());
  const isText = ["text", "textV2"].includes(message.content.type);
  openMenu(rect, [
    item(two("ตอบกลับ", "Reply"), () => startReply(message)),
    isText && item(two("คัดลอก", "Copy"), () => copy(summary(message))),
    mine && message.content.type === "text" && !isPrivate(chat()) && item(two("แก้ไข", "Edit"), () => startEdit(message)),
    mine && Date.now() - message.sentAt < UNSEND_WITHIN_MS && item(two("ยกเลิกการส่ง", "Unsend"), () => confirmUnsend(message), { danger: true }),
    item(two("ลบ", "Delete on this phone only"), () => confirmDelete(message)),
    message.eventIds.length > 0 && item(two("ดูเบื้องหลัง", "Inspect"), () => inspectEvent(message.eventIds.at(-1), message.id)),
  ].filter(Boolean), from);
}

async function copy(words) {
  await attempt(navigator.clipboard.writeText(words));
  toast("คัดลอกแล้ว");
}

export function confirmUnsend(message) {
  openDialog("ยกเลิกการส่งข้อความนี้หรือไม่", [h("p", {}, "ข้อความจะหายจากหน้าจอของทุกคนในแชต")], [
    cancelButton(),
    h("button", { type: "button", class: "main", onclick: () => { closeDialog(); attempt(api.unsend(message.id)); } }, two("ยกเลิกการส่ง", "")),
  ]);
}

function confirmDelete(message) {
  openDialog("ลบข้อความนี้หรือไม่", [h("p", {}, "หายจากเครื่องนี้เท่านั้น คนอื่นยังเห็นอยู่ ถ้าต้องการให้หายทุกเครื่องให้ใช้ ‘ยกเลิกการส่ง’")], [
    cancelButton(),
    h("button", { type: "button", class: "main", onclick: () => { closeDialog(); store.hidden.add(message.id); document.dispatchEvent(new Event("redraw")); } }, "ลบ"),
  ]);
}

// Who speaks

export function openSpeakerMenu(button) {
  const one = chat();
  const inside = isPrivate(one) ? [...store.people.keys()] : one.members;
  const outside = isPrivate(one) ? [] : [...store.people.keys()].filter((id) => !one.members.includes(id));
  openMenu(button.getBoundingClientRect(), [
    ...inside.map((id) => personItem(id, () => speakAs(id))),
    outside.length > 0 && h("hr"),
    ...outside.map((id) => personItem(id, () => joinAndSpeak(id), "เข้ากลุ่มนี้แล้วพูด · join and speak")),
  ].filter(Boolean), button);
}

function personItem(id, act, note) {
  const words = [nameOf(id), note && h("small", {}, note)].filter(Boolean);
  return item(words, act, { extra: [avatar(nameOf(id), { small: true })] });
}

export function speakAs(id) {
  store.speakerId = id;
  document.dispatchEvent(new CustomEvent("speaker", { detail: id }));
}

async function joinAndSpeak(id) {
  if (await attempt(api.post(`/chats/${chat().id}/join`, { people: [id] }))) speakAs(id);
}

// Members

export function openMembers() {
  const one = chat();
  if (isPrivate(one)) return openFriendship(person(one.id));
  const path = `/chats/${one.id}`;
  const act = (button) => async (promise) => { button.disabled = true; await attempt(promise); closeDialog(); };
  const memberRow = (id) => h("div", { class: "switch-row" }, h("span", {}, nameOf(id)),
    h("button", { type: "button", class: "link-button", onclick: (e) => act(e.currentTarget)(api.post(`${path}/leave`, { people: [id] })) }, two("ออกจากกลุ่ม", "Leave")));
  const botRow = h("div", { class: "switch-row" }, h("span", {}, store.bot.name, " ", h("small", {}, "บัญชีทางการ · official account")),
    h("button", { type: "button", class: "link-button", onclick: (e) => act(e.currentTarget)(api.post(`${path}/${one.hasBot ? "remove-bot" : "invite-bot"}`)) },
      one.hasBot ? two("เอาออก", "Remove") : two("เชิญเข้ากลุ่ม", "Invite")));
  openDialog(`สมาชิก ${one.members.length} คน`, [botRow, ...one.members.map(memberRow)], [
    h("button", { type: "button", onclick: (e) => newcomer(path, act(e.currentTarget)) }, two("คนใหม่เข้ากลุ่ม", "Newcomer")),
    cancelButton(),
  ]);
}

async function newcomer(path, act) {
  const made = await attempt(api.post("/people", { name: `คนใหม่ ${store.people.size + 1}` }));
  if (made) await act(api.post(`${path}/join`, { people: [made.id] }));
}

function openFriendship(one) {
  const isFriend = one.friendship === "friend";
  const words = isFriend ? `${one.name} เป็นเพื่อนกับ ${store.bot.name}` : `${one.name} ยังไม่เป็นเพื่อนกับ ${store.bot.name} ข้อความส่วนตัวจากบอทจะไม่ถึง`;
  openDialog("แชตส่วนตัว", [h("p", {}, words)], [
    cancelButton(),
    h("button", { type: "button", class: "main", onclick: () => { closeDialog(); befriend(one.id, !isFriend); } }, isFriend ? two("บล็อก", "Block") : two("เพิ่มเพื่อน", "Add friend")),
  ]);
}

export function befriend(id, wanted) {
  return attempt(api.post(`/people/${id}/${wanted ? "follow" : "unfollow"}`));
}
