// The story: a nurse slips, is warned, asks for the masked version, takes the message back.
// It is paced for human eyes, and waits for the bot's real answers rather than for a clock.

import * as api from "./api.js";
import { setWords, submit } from "./composer.js";
import { byId, fill, h, two } from "./dom.js";
import { inspectEvent, pinEvent } from "./inspector.js";
import { speakAs } from "./menus.js";
import { messagesOf, nameOf, store, waitFor } from "./store.js";
import { rowOf } from "./timeline.js";

const NURSE = "อ้อม";
const CLUB = "ชมรมวิ่ง";
// Invented. The check digit of the citizen number is right; no province has the code 99.
const SLIP = "ขอโทษค่ะ รบกวนดูคนไข้ให้หน่อย นายบุญส่ง แก้วมณีโชติ HN 6512047 เลขบัตร CITIZEN เตียง 5 ไข้ขึ้นอีกแล้วค่ะ";
const TWELVE = "399900417263";
const THANKS = "ขอโทษทุกคนด้วยนะคะ ส่งผิดกลุ่มค่ะ ยกเลิกการส่งแล้ว";
// Who was warned is not warned again within two minutes of their last text: somebody else tells it then.
const BURST_MS = 130_000;
const PATIENCE_MS = 20_000;
const LETTER_MS = 14;

let running = null;

export function setUpStory(openChat) {
  byId("story").addEventListener("click", () => { if (!running) play(openChat); });
}

class Stuck extends Error {}

async function play(openChat) {
  running = new AbortController();
  byId("story").disabled = true;
  try {
    await tellStory(openChat, running.signal);
  } catch (error) {
    if (error.name !== "AbortError") caption("stuck", error.message, error instanceof Stuck ? "The story waits for real answers, and none came." : "");
  } finally {
    running = null;
    byId("story").disabled = false;
  }
}

async function tellStory(openChat, signal) {
  const club = [...store.chats.values()].find((one) => one.name.startsWith(CLUB));
  if (club) await openChat(club.id); // its messages say who has told the story just now
  const nurse = club && narratorIn(club);
  if (!club || !nurse) throw new Stuck("ไม่พบกลุ่มหรือคนในเรื่อง เปิดแซนด์บ็อกซ์ใหม่แบบไม่มี --empty");

  const name = nameOf(nurse);
  speakAs(nurse);
  caption("", `1/5 ${name} กำลังจะส่งข้อความเข้ากลุ่มทีมรักษา แต่เปิดผิดกลุ่ม`, "A nurse types into the wrong group.");
  await pause(1400, signal);
  const slip = await typeAndSend(slipWords(), signal);

  caption("", "2/5 รอวงรักษา…", "Waiting for the bot.");
  const warning = await botAnswer([club.id], slip.sentAt, signal, "บอทยังไม่ตอบ ตรวจว่าผลิตภัณฑ์ทำงานอยู่");
  caption("", "2/5 วงรักษาเตือนผู้ส่งทันที โดยไม่ทวนเลขซ้ำ", "It warns at once, without repeating the identifiers.");
  await pause(2600, signal);

  const button = buttonWith("ปกปิด", warning.chatId);
  if (button) await askForMasked(button, club, nurse, openChat, signal);
  await takeBack(slip, club, openChat, signal);
  await closeLoop(club, slip, signal);
}

function narratorIn(club) {
  const members = club.members.filter((id) => store.people.get(id));
  const nurse = members.find((id) => nameOf(id).includes(NURSE));
  const isFresh = (id) => !messagesOf(club.id).some((message) => message.sender === id && message.sentAt > Date.now() - BURST_MS);
  const friends = members.filter((id) => store.people.get(id).friendship === "friend");
  return [nurse, ...friends].find((id) => id && isFresh(id)) ?? nurse;
}

function slipWords() {
  const parts = TWELVE.match(/(.)(.{4})(.{5})(..)/).slice(1);
  return SLIP.replace("CITIZEN", [...parts, checkDigit(TWELVE)].join("-"));
}

function checkDigit(twelve) {
  const total = [...twelve].reduce((sum, digit, index) => sum + Number(digit) * (13 - index), 0);
  return (11 - (total % 11)) % 10;
}

async function askForMasked(button, club, nurse, openChat, signal) {
  caption("", `3/5 ${nameOf(nurse)} กดขอข้อความฉบับปกปิดก่อน`, "She asks for the masked version first.");
  button.classList.add("pointed");
  button.scrollIntoView({ block: "nearest" });
  await pause(1500, signal);
  const askedAt = Date.now();
  button.querySelector("button").click();
  const rewrite = await botAnswer([nurse, club.id], askedAt, signal, "บอทไม่ได้ส่งฉบับปกปิดมา");
  button.classList.remove("pointed");
  if (rewrite.chatId === nurse) {
    await pause(900, signal);
    await openChat(nurse);
  }
  caption("", "3/5 ฉบับปกปิดมาถึงในแชตส่วนตัว ลอกไปใช้ต่อได้", "The masked version, ready to be used.");
  await pause(3200, signal);
}

async function takeBack(slip, club, openChat, signal) {
  if (store.chatId !== club.id) await openChat(club.id);
  caption("", "4/5 กดค้างที่ข้อความ แล้วเลือก ‘ยกเลิกการส่ง’", "Hold the message, then Unsend.");
  rowOf(slip.id)?.scrollIntoView({ block: "center" });
  rowOf(slip.id)?.classList.add("pointed");
  await pause(1900, signal);
  await api.unsend(slip.id);
  await waitFor(() => messagesOf(club.id).find((message) => message.id === slip.id)?.unsentAt, PATIENCE_MS, signal);
  await pause(1200, signal);
}

async function closeLoop(club, slip, signal) {
  const unsent = messagesOf(club.id).find((message) => message.id === slip.id);
  const [about] = unsent.eventIds; // the text itself: what was found stands there
  const seconds = Math.floor((unsent.unsentAt - slip.sentAt) / 1000);
  const saidAt = Date.now();
  await typeAndSend(THANKS, signal);
  await waitFor(() => answersSince([club.id], saidAt)[0], 4000, signal);
  if (signal.aborted) throw new DOMException("", "AbortError");
  pinEvent(about, slip.id);
  caption("done", `5/5 เก็บข้อความกลับแล้วใน ${seconds} วินาที ดูสิ่งที่ระบบทำได้ในแถบ ‘เบื้องหลัง’`, `Taken back after ${seconds} seconds. What the product did is in the inspector.`,
    h("button", { type: "button", class: "link-button", onclick: () => inspectEvent(about, slip.id) }, two("ดูเบื้องหลัง", "Inspect")));
  // The caption takes room at the top: what the bot said last stays whole, its title first.
  const last = answersSince([club.id], slip.sentAt).at(-1);
  if (last) rowOf(last.id)?.scrollIntoView({ block: "start" });
}

async function typeAndSend(words, signal) {
  const step = Math.max(1, Math.round(words.length / 90));
  for (let at = 0; at <= words.length; at += step) {
    setWords(words.slice(0, at));
    await pause(LETTER_MS * step, signal);
  }
  setWords(words);
  await pause(350, signal);
  const sent = await submit();
  if (!sent) throw new Stuck("ส่งข้อความไม่ได้");
  return sent;
}

const answersSince = (chatIds, sinceMs) => chatIds
  .flatMap((id) => messagesOf(id))
  .filter((message) => message.sender === "bot" && message.delivered && message.sentAt >= sinceMs);

async function botAnswer(chatIds, sinceMs, signal, complaint) {
  const found = await waitFor(() => answersSince(chatIds, sinceMs)[0], PATIENCE_MS, signal);
  if (signal.aborted) throw new DOMException("", "AbortError");
  if (!found) throw new Stuck(complaint);
  await pause(350, signal); // the rest of the same call
  return answersSince(chatIds, sinceMs).at(-1);
}

function buttonWith(word) {
  return [...byId("timeline").querySelectorAll(".flex-holder")].filter((one) => one.dataset.label.includes(word)).at(-1);
}

function pause(milliseconds, signal) {
  const pace = Number(new URLSearchParams(location.search).get("pace") ?? 1);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds * pace);
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(new DOMException("", "AbortError")); }, { once: true });
  });
}

function caption(state, thai, english, more = null) {
  const box = byId("caption");
  box.dataset.state = state;
  box.hidden = false;
  const end = () => { running?.abort(); box.hidden = true; };
  fill(box, h("p", {}, thai, h("small", {}, english)), more, h("button", { type: "button", class: "link-button", onclick: end }, running && !state ? two("หยุด", "Stop") : two("ปิด", "Close")));
}

// The time-lapse

export function setUpTimelapse() {
  const box = byId("timelapse-progress");
  byId("timelapse").addEventListener("click", async () => { drawProgress(await api.post("/timelapse", { weeks: 3 })); watch(); });
  box.querySelector("button").addEventListener("click", async () => drawProgress(await api.remove("/timelapse")));
  api.get("/timelapse").then((film) => { if (film.running) { drawProgress(film); watch(); } });
}

async function watch() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const film = await api.get("/timelapse").catch(() => ({ running: false, done: 0, total: 0 }));
    drawProgress(film);
    if (!film.running) return;
  }
}

function drawProgress({ running: isRunning, done, total }) {
  const box = byId("timelapse-progress");
  box.hidden = !isRunning;
  byId("timelapse").disabled = isRunning;
  box.querySelector("progress").value = total ? done / total : 0;
  box.querySelector("span").textContent = `${done} / ${total}`;
}
