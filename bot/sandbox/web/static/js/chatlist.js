// The list of chats: the groups, and the chosen person's own chat with the bot.

import { avatar, byId, fill, h } from "./dom.js";
import { shortTimeOf } from "./dates.js";
import { noticeWords, summary } from "./message.js";
import { isPrivate, nameOf, store } from "./store.js";

export function drawChatList(open) {
  const groups = [...store.chats.values()].filter((one) => !isPrivate(one));
  const own = store.chats.get(store.speakerId);
  const shown = [...groups, own].filter(Boolean);
  const items = shown.map((one) => chatItem(one, open));
  fill(byId("chat-list"), ...(items.length ? items : [nothing()]));
}

function nothing() {
  return h("li", { class: "calm" }, "ยังไม่มีแชต", h("small", {}, "No chats yet."));
}

export function titleOf(one) {
  return isPrivate(one) ? store.bot.name : one.name || one.members.map(nameOf).join(", ");
}

function chatItem(one, open) {
  const title = titleOf(one);
  const unread = store.unread.get(one.id) ?? 0;
  const note = isPrivate(one) ? ` แชตส่วนตัวของ ${nameOf(one.id)}` : ` ${one.members.length}`;
  return h("li", {}, h("button", {
    type: "button", class: "chat-item", dataset: { chat: one.id },
    "aria-current": String(one.id === store.chatId), onclick: () => open(one.id),
  },
  avatar(title, { group: !isPrivate(one), bot: isPrivate(one) }),
  h("span", { class: "name" }, title, h("small", {}, note)),
  h("span", { class: "when" }, one.lastMessage ? shortTimeOf(one.lastMessage.sentAt) : ""),
  h("span", { class: "last" }, lastWords(one)),
  unread > 0 && h("span", { class: "count", "aria-label": `ยังไม่อ่าน ${unread}` }, String(Math.min(unread, 99)))));
}

function lastWords(one) {
  const message = one.lastMessage;
  if (!message) return one.hasBot ? "" : "ยังไม่มีบอทในกลุ่มนี้";
  if (message.sender === "notice") return noticeWords(message.content);
  return isPrivate(one) ? summary(message) : `${nameOf(message.sender)}: ${summary(message)}`;
}
