// The control API of the sandbox.

const BASE = "/sandbox/api";

export class NotPossible extends Error {}

async function call(method, path, body) {
  const isForm = body instanceof FormData;
  const answer = await fetch(BASE + path, {
    method,
    headers: body && !isForm ? { "Content-Type": "application/json" } : {},
    body: isForm ? body : body && JSON.stringify(body),
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new NotPossible(found.message ?? `HTTP ${answer.status}`);
  return found;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

export const say = (chatId, speaker, text, more = {}) => post(`/chats/${chatId}/text`, { as: speaker, text, ...more });
export const press = (chatId, speaker, action, params) => post(`/chats/${chatId}/press`, { as: speaker, action, params });
export const unsend = (messageId) => post(`/messages/${messageId}/unsend`);
export const edit = (messageId, text, more = {}) => post(`/messages/${messageId}/edit`, { text, ...more });

export function sendFiles(chatId, speaker, files) {
  const form = new FormData();
  form.append("as", speaker);
  for (const file of files) form.append("file", file);
  return post(`/chats/${chatId}/attachments`, form);
}
