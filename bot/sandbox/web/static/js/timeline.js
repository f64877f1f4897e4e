// The messages of the open chat, drawn once and then kept in step.

import { avatar, byId, fill, h } from "./dom.js";
import { dayLabel, dayOf, timeOf } from "./dates.js";
import { openMessageMenu } from "./menus.js";
import { drawContent, drawQuickReplies, noticeWords } from "./message.js";
import { chat, messagesOf, nameOf, speakerIn, store } from "./store.js";
import { inspectEvent } from "./inspector.js";

const SHOWN = 250;
const NEAR_THE_END_PX = 90;
const LONG_PRESS_MS = 480;

let drawn = []; // [{id, signature}] in the order on screen

export function setUpTimeline() {
  const timeline = byId("timeline");
  timeline.addEventListener("settled", () => { if (isFollowing) toEnd(); });
  timeline.addEventListener("scroll", () => { isFollowing = isNearEnd(); byId("to-end").hidden = isFollowing; });
  new ResizeObserver(() => { if (isFollowing) toEnd(); }).observe(timeline);
  byId("to-end").addEventListener("click", toEnd);
}

let isFollowing = true;
const isNearEnd = () => {
  const box = byId("timeline");
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END_PX;
};

export function toEnd() {
  const box = byId("timeline");
  box.scrollTop = box.scrollHeight;
  isFollowing = true;
  byId("to-end").hidden = true;
}

export function openTimeline() {
  drawn = [];
  drawTimeline();
  toEnd();
}

export function drawTimeline() {
  const one = chat();
  if (!one) return;
  const messages = visible(one);
  const wanted = messages.map((message, index) => ({ id: message.id, signature: signatureOf(message, messages[index - 1]) }));
  if (startsTheSame(wanted)) appendRows(messages, wanted);
  else redraw(messages, wanted);
  drawQuickReplies(lastSpoken(messages));
}

function visible(one) {
  return messagesOf(one.id).filter((message) => message.delivered && !store.hidden.has(message.id)).slice(-SHOWN);
}

const lastSpoken = (messages) => messages.filter((message) => message.sender !== "notice").at(-1);

function startsTheSame(wanted) {
  return drawn.length > 0 && drawn.length <= wanted.length
    && drawn.every((row, index) => row.id === wanted[index].id);
}

function appendRows(messages, wanted) {
  const timeline = byId("timeline");
  wanted.forEach((row, index) => {
    if (drawn[index]?.signature === row.signature) return;
    const fresh = drawRow(messages[index], messages[index - 1]);
    if (!drawn[index]) fresh.classList.add("fresh");
    const old = timeline.querySelector(`[data-row="${row.id}"]`);
    if (old) old.replaceWith(fresh);
    else timeline.append(fresh);
  });
  drawn = wanted;
  if (isFollowing) toEnd();
  else byId("to-end").hidden = false;
}

function redraw(messages, wanted) {
  const rows = messages.map((message, index) => drawRow(message, messages[index - 1]));
  fill(byId("timeline"), ...(rows.length ? rows : [emptyChat()]));
  drawn = wanted;
  if (isFollowing) toEnd();
}

function emptyChat() {
  return h("div", { class: "empty" }, h("b", {}, "ยังไม่มีใครพูด"),
    "พิมพ์ข้อความด้านล่าง หรือกด ‘เล่าเรื่องตัวอย่าง’", h("small", {}, "Say something below, or play the story."));
}

function signatureOf(message, before) {
  const mine = message.sender === speakerIn(chat());
  return [message.editedAt, message.unsentAt, mine, follows(message, before), store.speakerId].join("|");
}

function follows(message, before) {
  return Boolean(before) && before.sender === message.sender && !before.unsentAt && !isNewDay(message, before)
    && message.sentAt - before.sentAt < 300_000;
}

const isNewDay = (message, before) => !before || dayOf(before.sentAt) !== dayOf(message.sentAt);

function drawRow(message, before) {
  const wrap = h("div", { dataset: { row: message.id } });
  if (isNewDay(message, before)) wrap.append(h("div", { class: "day" }, dayLabel(message.sentAt)));
  wrap.append(message.sender === "notice" ? notice(message) : message.unsentAt ? unsentNotice(message) : spoken(message, before));
  return wrap;
}

function notice(message) {
  return h("div", { class: "notice" }, noticeWords(message.content));
}

function unsentNotice(message) {
  const who = message.sender === speakerIn(chat()) ? "คุณ" : nameOf(message.sender);
  return h("div", { class: "notice" }, `${who}ยกเลิกการส่งข้อความ`,
    h("button", { type: "button", onclick: () => inspectEvent(message.eventIds.at(-1)) }, "ดู"));
}

function spoken(message, before) {
  const mine = message.sender === speakerIn(chat());
  const isBot = message.sender === "bot";
  const row = h("article", {
    class: `row${mine ? " mine" : ""}${follows(message, before) ? " follows" : ""}`,
    dataset: { id: message.id, sender: message.sender },
    "aria-label": `${nameOf(message.sender)} ${timeOf(message.sentAt)}`,
  });
  const shownName = message.content.sender?.name ?? nameOf(message.sender);
  row.append(avatar(shownName, { bot: isBot }), h("div", {},
    h("div", { class: "who" }, shownName),
    h("div", { class: "said" }, drawContent(message), meta(message), moreButton(message))));
  listenForMenu(row, message);
  return row;
}

function meta(message) {
  return h("div", { class: "meta" }, message.editedAt && h("div", {}, "แก้ไขแล้ว"), timeOf(message.sentAt));
}

function moreButton(message) {
  return h("button", {
    type: "button", class: "more", "aria-label": "ตัวเลือกของข้อความ · Message menu", "aria-haspopup": "menu",
    onclick: (event) => openMessageMenu(message, event.currentTarget.getBoundingClientRect(), event.currentTarget),
  }, "⋯");
}

function listenForMenu(row, message) {
  const target = row.querySelector(".said").firstElementChild;
  target.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    openMessageMenu(message, new DOMRect(event.clientX, event.clientY, 0, 0));
  });
  let timer;
  target.addEventListener("touchstart", (event) => {
    const { clientX, clientY } = event.touches[0];
    timer = setTimeout(() => openMessageMenu(message, new DOMRect(clientX, clientY, 0, 0)), LONG_PRESS_MS);
  }, { passive: true });
  for (const name of ["touchend", "touchmove", "touchcancel"]) target.addEventListener(name, () => clearTimeout(timer), { passive: true });
  target.addEventListener("click", (event) => {
    if (message.eventIds.length && !event.target.closest("a, button, [role=button], audio, video")) inspectEvent(message.eventIds.at(-1), message.id);
  });
}

export const rowOf = (messageId) => byId("timeline").querySelector(`.row[data-id="${messageId}"]`);
