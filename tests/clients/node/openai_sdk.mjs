// OpenAI's client for Node.
import OpenAI from "openai";
import { ASTRAL, KEY, QUESTION, UNANSWERABLE, URL, WORDS, check, finish, marks, numbered, raises } from "./checking.mjs";

const client = new OpenAI({ baseURL: `${URL}/v1`, apiKey: KEY, maxRetries: 0 });
const ask = (content, more = {}) =>
  client.chat.completions.create({ model: "onrecord", messages: [{ role: "user", content }], ...more });

const names = (await client.models.list()).data.map((model) => model.id);
check("models are listed", names.includes("onrecord-links"), names);

for (const question of [QUESTION, ASTRAL]) {
  const { message } = (await ask(question)).choices[0];
  const places = message.annotations.map(({ url_citation: note }) => [note.start_index, note.end_index]);
  check(`annotations stand at their markers, by code points (${question})`, numbered(marks(message.content, places)), marks(message.content, places));
}
const whole = (await ask(QUESTION)).choices[0].message;
check("the words are there", whole.content.includes(WORDS));

let text = "";
const annotations = [];
let usage = null;
for await (const chunk of await ask(QUESTION, { stream: true, stream_options: { include_usage: true } })) {
  text += chunk.choices[0]?.delta.content ?? "";
  annotations.push(...(chunk.choices[0]?.delta.annotations ?? []));
  usage = chunk.usage ?? usage;
}
check("a stream adds up to the whole", text === whole.content);
check("so do its annotations", JSON.stringify(annotations) === JSON.stringify(whole.annotations), annotations.length);
check("usage arrives", usage?.total_tokens === 0);
const helped = await client.chat.completions.stream({ model: "onrecord", messages: [{ role: "user", content: QUESTION }] }).finalMessage();
check("the stream helper ends with the same text", helped.content === text);

const reply = await client.responses.create({ model: "onrecord", input: QUESTION });
const notes = reply.output[0].content[0].annotations;
const found = marks(reply.output_text, notes.map((note) => [note.start_index, note.end_index]));
check("a response has its annotations at their markers", numbered(found), found);
let last = null;
for await (const event of await client.responses.create({ model: "onrecord", input: QUESTION, stream: true })) last = event;
check("a streamed response ends completed", last.type === "response.completed");
check("an abstention says so", (await ask(UNANSWERABLE)).choices[0].message.content.startsWith("Not in these articles."));

await raises("an unknown model", (error) => error instanceof OpenAI.NotFoundError && error.code === "model_not_found", () => ask(QUESTION, { model: "gpt-9" }));
await raises("an image", (error) => error instanceof OpenAI.BadRequestError && error.param === "messages[0].content", () => ask([{ type: "image_url", image_url: { url: "data:," } }]));
finish();
