// What a bot does with grammY, unmodified: only the API root is ours.
import assert from "node:assert/strict";
import { Api, GrammyError, InputFile } from "grammy";
import { check, origin, token } from "./checks.mjs";

const api = new Api(token, { apiRoot: origin });
const refused = (code, words) => (error) =>
  error instanceof GrammyError && error.error_code === code && error.description.includes(words);

await check("getMe", async () => assert.equal((await api.getMe()).is_bot, true));
await check("sendMessage", async () => {
  const sent = await api.sendMessage(7, "<b>Hi</b> &amp; bye", { parse_mode: "HTML", reply_parameters: { message_id: 5 } });
  assert.equal(sent.text, "Hi & bye");
  const edited = await api.editMessageText(7, sent.message_id, "<i>Better</i>", { parse_mode: "HTML" });
  assert.equal(edited.text, "Better");
  await assert.rejects(
    api.editMessageText(7, sent.message_id, "<i>Better</i>", { parse_mode: "HTML" }), refused(400, "message is not modified"));
});
await check("sendChatAction", async () => assert.equal(await api.sendChatAction(7, "typing"), true));
await check("sendDocument", async () => {
  await api.sendDocument(7, new InputFile(Buffer.from("a,b"), "t.csv"), { caption: "Table" });
});
await check("getFile", async () => {
  const file = await api.getFile("file-1");
  const bytes = await fetch(`${origin}/file/bot${token}/${file.file_path}`);
  assert.equal(await bytes.text(), "content");
});
await check("setWebhook", async () => {
  assert.equal(await api.setWebhook("https://example.com/webhook/telegram", { secret_token: "s3cret" }), true);
  assert.equal((await api.getWebhookInfo()).url, "https://example.com/webhook/telegram");
  await assert.rejects(api.setWebhook("https://example.com", { secret_token: "not allowed" }), refused(400, "secret token"));
});
await check("errors", async () => {
  await assert.rejects(api.sendMessage(7, "<b>x", { parse_mode: "HTML" }), refused(400, "can't parse entities"));
  await assert.rejects(api.sendMessage(7, "a<br>b", { parse_mode: "HTML" }), refused(400, "Unsupported start tag \"br\""));
  await assert.rejects(api.sendMessage(7, "x".repeat(4097)), refused(400, "message is too long"));
  await assert.rejects(api.sendMessage(7, " "), refused(400, "message text is empty"));
  await assert.rejects(new Api("1:wrong", { apiRoot: origin }).getMe(), refused(401, "Unauthorized"));
});
await check("rate-limit", async () => {
  const error = await api.sendMessage(9, "too soon").catch((e) => e);
  assert.equal(error.error_code, 429);
  assert.equal(error.parameters.retry_after, 3);
});
