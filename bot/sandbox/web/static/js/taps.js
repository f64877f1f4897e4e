// What happens when somebody taps a button of the bot.

import { press } from "./api.js";
import { byId, fill, h, toast, two } from "./dom.js";
import { chat, speakerIn } from "./store.js";

const PICKERS = { date: "date", time: "time", datetime: "datetime-local" };

export async function tap(action, button) {
  const handler = TAPS[action.type];
  if (!handler) return toast("ปุ่มนี้ใช้ได้ในแอป LINE เท่านั้น");
  if (button) pulse(button);
  try {
    await handler(action);
  } catch (error) {
    toast(`ทำไม่ได้: ${error.message}`);
  }
}

const send = (action, params) => press(chat().id, speakerIn(chat()), action, params);

const TAPS = {
  postback: async (action) => {
    await send(action);
    if (action.inputOption === "openKeyboard") prefill(action.fillInText ?? "");
  },
  message: (action) => send(action),
  richmenuswitch: (action) => send(action),
  datetimepicker: pickTime,
  uri: openLink,
  clipboard: copy,
};

function pulse(button) {
  button.animate?.([{ opacity: 0.5 }, { opacity: 1 }], { duration: 220 });
}

function prefill(words) {
  const box = byId("words");
  box.value = words;
  box.focus();
}

async function copy(action) {
  try {
    await navigator.clipboard.writeText(action.clipboardText);
    toast("คัดลอกแล้ว");
  } catch {
    prefill(action.clipboardText);
    toast("วางไว้ในช่องพิมพ์ให้แล้ว");
  }
}

function pickTime(action) {
  const input = h("input", {
    type: PICKERS[action.mode], value: action.initial, min: action.min, max: action.max, required: true,
    "aria-label": action.label ?? "วันเวลา",
  });
  const done = () => { closeDialog(); send(action, { [action.mode]: input.value.slice(0, 16) }); };
  openDialog(action.label ?? "เลือกวันเวลา", [input], [
    cancelButton(),
    h("button", { type: "button", class: "main", onclick: () => input.reportValidity() && done() }, "ตกลง"),
  ]);
}

function openLink(action) {
  const isWeb = /^https?:/.test(action.uri);
  openDialog("เปิดลิงก์", [h("p", {}, action.uri)], [
    cancelButton(),
    isWeb && h("a", { class: "main", href: action.uri, target: "_blank", rel: "noopener noreferrer", onclick: closeDialog }, "เปิด"),
  ].filter(Boolean));
}

export function openDialog(title, content, buttons) {
  const dialog = byId("dialog");
  fill(dialog, h("h3", {}, title), ...content, h("div", { class: "dialog-buttons" }, buttons));
  dialog.setAttribute("aria-label", typeof title === "string" ? title : "หน้าต่าง");
  if (!dialog.open) dialog.showModal();
}

export function closeDialog() {
  byId("dialog").close();
}

export function cancelButton() {
  return h("button", { type: "button", onclick: closeDialog }, two("ปิด", "Close"));
}
