// The page: one loop asks for news, everything else draws.

import { get } from "./api.js";
import { drawChatList, titleOf } from "./chatlist.js";
import { drawComposer, setUpComposer } from "./composer.js";
import { byId, fill, h } from "./dom.js";
import { setUpInspector } from "./inspector.js";
import { openMembers, setUpMenus } from "./menus.js";
import { drawRichMenu } from "./richmenu.js";
import { applyChanges, applyState, chat, isPrivate, loadMessages, onChange, store } from "./store.js";
import { setUpStory, setUpTimelapse } from "./story.js";
import { drawTimeline, openTimeline, setUpTimeline, toEnd } from "./timeline.js";

const WAIT_SECONDS = 20;
const RETRY_MS = 1500;

async function start() {
  connection("", "กำลังเชื่อมต่อ…");
  await firstState();
  connection("good", "เชื่อมต่อแล้ว · connected");
  setUpTimeline();
  setUpComposer();
  setUpMenus();
  setUpInspector();
  setUpStory(openChat);
  setUpTimelapse();
  byId("members").addEventListener("click", openMembers);
  byId("back").addEventListener("click", () => { byId("app").dataset.view = "list"; });
  document.addEventListener("speaker", (event) => onSpeaker(event.detail));
  document.addEventListener("redraw", drawTimeline);
  document.addEventListener("spoken", toEnd);
  onChange(redrawSoon);
  await openFirstChat();
  listen();
}

async function firstState() {
  for (;;) {
    try {
      applyState(await get("/state"));
      return;
    } catch {
      connection("bad", "ติดต่อแซนด์บ็อกซ์ไม่ได้ กำลังลองใหม่");
      await sleep(RETRY_MS);
    }
  }
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function openFirstChat() {
  const groups = [...store.chats.values()].filter((one) => !isPrivate(one));
  store.speakerId = groups[0]?.members[0] ?? [...store.people.keys()][0] ?? null;
  const first = groups[0] ?? store.chats.get(store.speakerId);
  if (first) await openChat(first.id, { stay: true });
  drawChatList(openChat);
}

// On a phone the list stays in view at the start; after a tap the chat takes its place.
async function openChat(chatId, { stay = false } = {}) {
  await loadMessages(chatId);
  store.chatId = chatId;
  store.unread.delete(chatId);
  if (!stay) byId("app").dataset.view = "chat";
  draw();
  openTimeline();
}

function onSpeaker(id) {
  if (isPrivate(chat())) openChat(id);
  else draw();
}

let isDrawingSoon = false;
function redrawSoon() {
  if (isDrawingSoon) return;
  isDrawingSoon = true;
  requestAnimationFrame(() => { isDrawingSoon = false; draw(); });
}

function draw() {
  const one = chat();
  drawChatList(openChat);
  if (!one) return;
  const count = isPrivate(one) ? "" : `(${one.members.length})`;
  fill(byId("chat-title"), h("span", {}, titleOf(one)), h("small", {}, count));
  drawTimeline();
  drawComposer();
  drawRichMenu(one);
}

async function listen() {
  for (;;) {
    try {
      const changes = await get(`/changes?since=${store.last}&wait=${WAIT_SECONDS}`);
      connection("good", "เชื่อมต่อแล้ว · connected");
      applyChanges(changes);
    } catch {
      connection("bad", "ขาดการติดต่อ กำลังลองใหม่ · reconnecting");
      await sleep(RETRY_MS);
      await reloadIfRestarted();
    }
  }
}

// After a restart the sandbox counts from the beginning, and knows nothing of before.
async function reloadIfRestarted() {
  const state = await get("/state").catch(() => null);
  if (state && state.lastChange < store.last) location.reload();
}

function connection(state, words) {
  byId("connection").dataset.state = state;
  byId("connection").textContent = words;
}

start();
