// Where one writes: text with mentions, replies, edits, pictures and files.

import * as api from "./api.js";
import { avatar, byId, fill, h, toast, two } from "./dom.js";
import { befriend, openSpeakerMenu } from "./menus.js";
import { summary } from "./message.js";
import { chat, isPrivate, nameOf, person, speakerIn, store } from "./store.js";

const MENTION_BEING_TYPED = /(^|\s)@([^\s@]*)$/;

let mode = null; // {kind: "reply" | "edit", message}
let choices = [];
let chosen = 0;
const mentioned = new Map(); // "@name" → target

export function setUpComposer() {
  const words = byId("words");
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  words.addEventListener("keydown", onKey);
  words.addEventListener("input", () => { grow(); offerMentions(); });
  words.addEventListener("blur", () => setTimeout(closeMentions, 150));
  words.addEventListener("paste", (event) => sendPasted(event));
  byId("speaker").addEventListener("click", (event) => openSpeakerMenu(event.currentTarget));
  byId("attach").addEventListener("change", (event) => { sendFiles([...event.target.files]); event.target.value = ""; });
  setUpDrop(document.querySelector(".chat"));
}

export function drawComposer() {
  const speaker = speakerIn(chat());
  const name = speaker ? nameOf(speaker) : "—";
  fill(byId("speaker"), avatar(name, { small: true }), h("span", { class: "who label" }, h("small", {}, "พูดในฐานะ"), name));
  byId("speaker").setAttribute("aria-label", `พูดในฐานะ ${name} · Speaking as`);
  byId("words").disabled = !speaker;
  drawMode();
}

function onKey(event) {
  if (!byId("mention-list").hidden && handleMentionKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
  if (event.key === "Escape" && mode) clearMode();
}

function grow() {
  const words = byId("words");
  words.style.setProperty("height", "auto");
  words.style.setProperty("height", `${words.scrollHeight}px`);
}

export function setWords(text) {
  byId("words").value = text;
  grow();
}

export async function submit() {
  const text = byId("words").value.trim();
  if (!text) return null;
  const one = chat();
  const more = { mentions: mentionsIn(text) };
  try {
    const sent = mode?.kind === "edit"
      ? await api.edit(mode.message.id, text, more)
      : await api.say(one.id, speakerIn(one), text, { ...more, quoting: mode?.kind === "reply" ? mode.message.id : undefined });
    setWords("");
    document.dispatchEvent(new Event("spoken"));
    mentioned.clear();
    clearMode();
    return sent;
  } catch (error) {
    toast(`ส่งไม่ได้: ${error.message}`);
    return null;
  }
}

function mentionsIn(text) {
  const found = [];
  for (const [label, target] of mentioned) {
    const index = text.indexOf(label);
    if (index >= 0) found.push({ index, length: label.length, target });
  }
  return found;
}

// Replying and editing

export function startReply(message) {
  mode = { kind: "reply", message };
  drawMode();
  byId("words").focus();
}

export function startEdit(message) {
  mode = { kind: "edit", message };
  setWords(message.content.text);
  drawMode();
  byId("words").focus();
}

export function clearMode() {
  if (mode?.kind === "edit") setWords("");
  mode = null;
  drawMode();
}

function drawMode() {
  const box = byId("reply-to");
  const one = chat();
  box.hidden = !mode;
  if (mode) {
    const head = mode.kind === "edit" ? "แก้ไขข้อความ" : `ตอบกลับ ${nameOf(mode.message.sender)}`;
    fill(box, h("span", {}, h("b", {}, head), " ", summary(mode.message)), closeX(clearMode));
  } else if (isPrivate(one) && person(one.id)?.friendship !== "friend") {
    box.hidden = false;
    fill(box, h("span", {}, `ยังไม่ได้เพิ่ม ${store.bot.name} เป็นเพื่อน`),
      h("button", { type: "button", class: "link-button", onclick: () => befriend(one.id, true) }, two("เพิ่มเพื่อน", "Add")));
  }
}

function closeX(act) {
  return h("button", { type: "button", "aria-label": "ยกเลิก · Cancel", onclick: act }, "✕");
}

// Mentions

function offerMentions() {
  const words = byId("words");
  const typed = words.value.slice(0, words.selectionStart).match(MENTION_BEING_TYPED);
  const one = chat();
  if (!typed || isPrivate(one)) return closeMentions();
  const everybody = [{ label: "@All", target: "all", note: "ทุกคน" }, { label: `@${store.bot.name}`, target: "bot", note: "บอท" }];
  const people = one.members.filter((id) => id !== speakerIn(one)).map((id) => ({ label: `@${nameOf(id)}`, target: id }));
  choices = [...people, ...everybody].filter(({ label }) => label.toLowerCase().includes(typed[2].toLowerCase()));
  chosen = 0;
  drawMentions();
}

function drawMentions() {
  const list = byId("mention-list");
  list.hidden = choices.length === 0;
  fill(list, ...choices.map((choice, index) => h("li", {
    role: "option", "aria-selected": String(index === chosen),
    onpointerdown: (event) => { event.preventDefault(); choose(index); },
  }, avatar(choice.label.slice(1), { small: true, bot: choice.target === "bot" }), h("span", {}, choice.label.slice(1), " ", choice.note && h("small", {}, choice.note)))));
}

function handleMentionKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) chosen = (chosen + step + choices.length) % choices.length;
  else if (event.key === "Enter" || event.key === "Tab") choose(chosen);
  else if (event.key === "Escape") closeMentions();
  else return false;
  event.preventDefault();
  if (step) drawMentions();
  return true;
}

function choose(index) {
  const words = byId("words");
  const { label, target } = choices[index];
  const before = words.value.slice(0, words.selectionStart).replace(MENTION_BEING_TYPED, `$1${label} `);
  words.value = before + words.value.slice(words.selectionStart);
  mentioned.set(label, target);
  words.setSelectionRange(before.length, before.length);
  closeMentions();
  words.focus();
}

function closeMentions() {
  byId("mention-list").hidden = true;
}

// Files

async function sendFiles(files) {
  const one = chat();
  if (!files.length || !one) return;
  try {
    await api.sendFiles(one.id, speakerIn(one), files);
  } catch (error) {
    toast(`ส่งไม่ได้: ${error.message}`);
  }
}

function sendPasted(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  sendFiles(files);
}

function setUpDrop(area) {
  const sign = byId("drop");
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  area.addEventListener("dragover", (event) => { if (carriesFiles(event)) { event.preventDefault(); sign.hidden = false; } });
  area.addEventListener("dragleave", (event) => { if (!area.contains(event.relatedTarget)) sign.hidden = true; });
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    sign.hidden = true;
    sendFiles([...event.dataTransfer.files]);
  });
}
