// What the page knows of the platform, and who wants to hear of changes.

import { get } from "./api.js";

export const store = {
  bot: { name: "", userId: "" },
  people: new Map(),
  chats: new Map(),
  messages: new Map(), // chat id → Map of message id → message
  unread: new Map(),
  hidden: new Set(), // deleted on 'this phone' only
  settings: {},
  chatId: null,
  speakerId: null,
  lastEventId: null,
  last: 0,
};

const listeners = new Set();
export const onChange = (listener) => { listeners.add(listener); return () => listeners.delete(listener); };
const tell = (changes) => { for (const listener of [...listeners]) listener(changes); };

export const person = (id) => store.people.get(id);
export const nameOf = (id) => (id === "bot" ? store.bot.name : person(id)?.name ?? "ไม่ทราบชื่อ");
export const chat = () => store.chats.get(store.chatId);
export const isPrivate = (one) => one?.kind === "user";

export function messagesOf(chatId) {
  const known = store.messages.get(chatId);
  return known ? [...known.values()].sort((a, b) => a.sentAt - b.sentAt || compareIds(a.id, b.id)) : [];
}

function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

export function findMessage(messageId) {
  for (const known of store.messages.values()) {
    if (known.has(messageId)) return known.get(messageId);
  }
  return null;
}

// Who speaks in a chat: the chosen person if a member, otherwise the first member.
export function speakerIn(one) {
  if (!one) return null;
  if (isPrivate(one)) return one.id;
  return one.members.includes(store.speakerId) ? store.speakerId : one.members[0] ?? null;
}

export function applyState(state) {
  store.bot = state.bot;
  store.people = new Map(state.people.map((one) => [one.id, one]));
  store.chats = new Map(state.chats.map((one) => [one.id, one]));
  store.last = state.lastChange;
  keepSettings(state);
}

function keepSettings(state) {
  const { switches, habits, quota, faults, webhook } = state;
  store.settings = { switches, habits, quota, faults, webhook };
}

export async function loadSettings() {
  const state = await get("/state");
  keepSettings(state);
  for (const one of state.chats) store.chats.set(one.id, one);
  tell({ settings: true });
}

export async function loadMessages(chatId) {
  const { messages } = await get(`/chats/${chatId}/messages`);
  const known = store.messages.get(chatId) ?? new Map();
  for (const message of messages) known.set(message.id, message);
  store.messages.set(chatId, known);
}

export function applyChanges(changes) {
  store.last = changes.last;
  for (const one of changes.people) store.people.set(one.id, one);
  for (const one of changes.chats) store.chats.set(one.id, { ...store.chats.get(one.id), ...one });
  for (const message of changes.messages) keepMessage(message);
  for (const event of changes.events) keepEvent(event);
  if (changes.other.length) loadSettings();
  tell(changes);
}

function keepMessage(message) {
  const known = store.messages.get(message.chatId) ?? new Map();
  const isNew = !known.has(message.id);
  known.set(message.id, message);
  store.messages.set(message.chatId, known);
  const one = store.chats.get(message.chatId);
  if (!one || !message.delivered) return;
  if (!one.lastMessage || one.lastMessage.sentAt <= message.sentAt || one.lastMessage.id === message.id) {
    one.lastMessage = message;
  }
  if (isNew && message.chatId !== store.chatId && message.sender !== "notice") {
    store.unread.set(message.chatId, (store.unread.get(message.chatId) ?? 0) + 1);
  }
}

function keepEvent(event) {
  store.lastEventId = event.id;
  const message = event.messageId && findMessage(event.messageId);
  if (message && !message.eventIds.includes(event.id)) message.eventIds.push(event.id);
}

// Resolves with the first change that the test accepts, or with null when time is up.
export function waitFor(test, milliseconds, signal) {
  return new Promise((resolve) => {
    const stop = () => { clearTimeout(timer); off(); signal?.removeEventListener("abort", onAbort); };
    const finish = (value) => { stop(); resolve(value); };
    const onAbort = () => finish(null);
    const look = () => { const found = test(); if (found) finish(found); };
    const timer = setTimeout(() => finish(null), milliseconds);
    const off = onChange(look);
    signal?.addEventListener("abort", onAbort);
    look();
  });
}
