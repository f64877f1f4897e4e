// One message, as LINE draws it.

import { byId, face, h } from "./dom.js";
import { drawFlex, flexOfTemplate } from "./flex.js";
import { findMessage, nameOf, store } from "./store.js";
import { tap } from "./taps.js";

const LINKS = /https?:\/\/[^\s<>"]+/g;
const PLACEHOLDERS = /\{\{|\}\}|\{([A-Za-z0-9_]{1,20})\}/g;
const MENTION_ALL = "All";

export function drawContent(message) {
  const { content } = message;
  const drawer = DRAWERS[content.type];
  if (!drawer) return h("div", { class: "broken" }, `(${content.type})`);
  return drawer(content, message);
}

const DRAWERS = {
  text: (content, message) => bubble(message, textParts(content)),
  textV2: (content, message) => bubble(message, substitutedParts(content)),
  flex: (content) => drawFlex(content.contents, tap),
  template: (content) => drawFlex(flexOfTemplate(content.template), tap),
  image: (content, message) => picture(content, message),
  video: (content, message) => h("div", { class: "plain" }, h("video", { src: contentUrl(content, message), controls: true, preload: "metadata" })),
  audio: (content, message) => h("div", { class: "plain" }, h("audio", { src: contentUrl(content, message), controls: true })),
  file: (content, message) => file(content, message),
  location: (content) => h("div", { class: "place" }, h("b", {}, content.title ?? "ตำแหน่ง"), h("div", {}, content.address ?? `${content.latitude}, ${content.longitude}`)),
  sticker: (content) => h("div", { class: "sticker", role: "img", "aria-label": "สติกเกอร์" }, face(), content.text && h("small", {}, content.text)),
  imagemap: (content) => h("div", { class: "broken" }, content.altText),
};

function bubble(message, parts) {
  return h("div", { class: "bubble" }, quoteOf(message), ...parts);
}

function quoteOf(message) {
  if (!message.quotedId) return null;
  const quoted = findMessage(message.quotedId);
  const words = !quoted || quoted.unsentAt ? "ไม่มีข้อความนี้แล้ว" : summary(quoted);
  return h("span", { class: "quoted" }, quoted && h("b", {}, nameOf(quoted.sender)), words);
}

// Mentions of people by index and length in UTF-16 units, which is how JavaScript counts too.
function textParts(content) {
  const marks = (content.mention?.mentionees ?? []).toSorted((a, b) => a.index - b.index);
  const parts = [];
  let at = 0;
  for (const mark of marks) {
    parts.push(...linked(content.text.slice(at, mark.index)));
    parts.push(mention(content.text.slice(mark.index, mark.index + mark.length), mark.userId));
    at = mark.index + mark.length;
  }
  return [...parts, ...withEmojis(content, at)];
}

// The bot writes a LINE emoji as a placeholder; people's arrive as words in brackets.
function withEmojis(content, from) {
  const rest = content.text.slice(from);
  if (!content.emojis || content.id) return linked(rest);
  return rest.split("$").flatMap((words, index) => (index ? [face(), ...linked(words)] : linked(words)));
}

function substitutedParts(content) {
  const parts = [];
  let at = 0;
  for (const found of content.text.matchAll(PLACEHOLDERS)) {
    parts.push(...linked(content.text.slice(at, found.index)), substitute(found, content.substitution ?? {}));
    at = found.index + found[0].length;
  }
  return [...parts, ...linked(content.text.slice(at))];
}

function substitute(found, substitution) {
  if (found[0] === "{{") return "{";
  if (found[0] === "}}") return "}";
  const given = substitution[found[1]];
  if (given?.type === "emoji") return face();
  const target = given?.mentionee;
  if (!target) return found[0];
  return mention(`@${target.type === "all" ? MENTION_ALL : nameOf(target.userId)}`, target.userId);
}

function mention(words, userId) {
  return h("span", { class: `mention${userId && userId === store.speakerId ? " me" : ""}` }, words);
}

function linked(words) {
  const parts = [];
  let at = 0;
  for (const found of words.matchAll(LINKS)) {
    parts.push(words.slice(at, found.index));
    parts.push(h("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, found[0]));
    at = found.index + found[0].length;
  }
  return [...parts, words.slice(at)];
}

function contentUrl(content, message) {
  return content.originalContentUrl ?? content.contentProvider?.originalContentUrl ?? `/sandbox/api/contents/${message.id}`;
}

// A bot on this machine has no https address: its pictures come by way of the sandbox, which fetches
// them as LINE would.
function pictureUrl(content, message, size) {
  const url = size === "preview" ? content.previewImageUrl : content.originalContentUrl;
  return url?.startsWith("http:") ? `/sandbox/api/pictures/${message.id}/${size}` : url ?? contentUrl(content, message);
}

function picture(content, message) {
  const url = pictureUrl(content, message, "preview");
  const image = h("img", { src: url, alt: "รูปภาพ", loading: "lazy", referrerpolicy: "no-referrer" });
  image.addEventListener("load", () => image.dispatchEvent(new Event("settled", { bubbles: true })));
  image.addEventListener("error", () => image.replaceWith(h("div", { class: "broken" }, "แสดงรูปไม่ได้")));
  if (!content.originalContentUrl) return h("div", { class: "plain" }, image);
  const whole = pictureUrl(content, message, "original");
  return h("a", { class: "plain", href: whole, target: "_blank", rel: "noopener noreferrer", "aria-label": "เปิดรูปขนาดเต็ม · Open the picture" }, image);
}

function file(content, message) {
  const kind = content.fileName.split(".").pop().slice(0, 4).toUpperCase();
  return h("a", { class: "file plain", href: `/sandbox/api/contents/${message.id}`, download: content.fileName },
    h("span", { class: "page", "aria-hidden": "true" }, kind),
    h("span", {}, content.fileName, h("br"), h("small", {}, size(content.fileSize))));
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

const KINDS = { image: "ส่งรูปภาพ", video: "ส่งวิดีโอ", audio: "ส่งข้อความเสียง", file: "ส่งไฟล์", location: "ส่งตำแหน่ง", sticker: "ส่งสติกเกอร์" };

export function summary(message) {
  const { content } = message;
  if (message.unsentAt) return "ยกเลิกการส่งแล้ว";
  if (content.type === "textV2") return substitutedParts(content).map((part) => part.textContent ?? part).join("");
  return content.text ?? content.altText ?? KINDS[content.type] ?? "";
}

export function noticeWords(content) {
  const names = content.who.map(nameOf).join(", ");
  return content.what === "joined" ? `${names} เข้าร่วมกลุ่ม` : `${names} ออกจากกลุ่ม`;
}

export function quickReplyOf(message) {
  return message?.content.quickReply?.items ?? [];
}

export function drawQuickReplies(message) {
  const row = byId("quick-replies");
  const items = quickReplyOf(message);
  row.hidden = items.length === 0;
  row.replaceChildren(...items.map(({ action, imageUrl }) => h("button", { type: "button", onclick: (event) => tap(action, event.currentTarget) },
    imageUrl && h("img", { src: imageUrl, alt: "" }), action.label)));
}
