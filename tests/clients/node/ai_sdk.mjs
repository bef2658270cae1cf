// The Vercel AI SDK: its OpenAI provider (both interfaces), its provider for compatible servers, and useChat's transport.
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { DefaultChatTransport, generateText, readUIMessageStream, streamText } from "ai";
import { KEY, QUESTION, UNANSWERABLE, URL, WORDS, check, finish, raises } from "./checking.mjs";

const openai = createOpenAI({ baseURL: `${URL}/v1`, apiKey: KEY });
for (const [way, model] of [["openai.chat", openai.chat("onrecord")], ["openai (responses)", openai("onrecord")]]) {
  const whole = await generateText({ model, prompt: QUESTION, maxRetries: 0 });
  check(`${way}: the text`, whole.text.includes(WORDS));
  const { url, title, sourceType } = whole.sources[0];
  check(`${way}: sources`, sourceType === "url" && url.includes("meridian-wire.example") && title.startsWith("Kremlin"), url);
  const streamed = streamText({ model, prompt: QUESTION, maxRetries: 0 });
  let text = "";
  for await (const piece of streamed.textStream) text += piece;
  check(`${way}: streamed, the same text`, text === whole.text);
  check(`${way}: streamed, the same sources`, JSON.stringify((await streamed.sources).map((s) => s.url)) === JSON.stringify(whole.sources.map((s) => s.url)));
  await raises(`${way}: an image`, (error) => error.statusCode === 400, () =>
    generateText({ model, maxRetries: 0, messages: [{ role: "user", content: [{ type: "image", image: new Uint8Array([137, 80, 78, 71]), mediaType: "image/png" }] }] }));
}
await raises("openai.chat: an unknown model", (error) => error.statusCode === 404, () =>
  generateText({ model: openai.chat("gpt-9"), prompt: QUESTION, maxRetries: 0 }));

// This provider reads no annotations: what is beside the text comes by an extractor.
const metadataExtractor = {
  extractMetadata: async ({ parsedBody }) => ({ onrecord: { results: parsedBody.search_results } }),
  createStreamExtractor: () => {
    let results = [];
    return {
      processChunk: (chunk) => { results = chunk.search_results ?? results; },
      buildMetadata: () => ({ onrecord: { results } }),
    };
  },
};
const compatible = createOpenAICompatible({ name: "onrecord", baseURL: `${URL}/v1`, apiKey: KEY, includeUsage: true, metadataExtractor });
const whole = await generateText({ model: compatible("onrecord"), prompt: QUESTION, maxRetries: 0 });
check("openai-compatible: the text", whole.text.includes(WORDS));
check("openai-compatible: search_results by an extractor", whole.providerMetadata.onrecord.results[0].snippet.includes(WORDS));
const streamed = streamText({ model: compatible("onrecord-links"), prompt: QUESTION, maxRetries: 0 });
let linked = "";
for await (const piece of streamed.textStream) linked += piece;
check("openai-compatible: onrecord-links streams its links", linked.includes("[[1]](http") && linked.includes("Sources:"));
check("openai-compatible: streamed, search_results too", (await streamed.providerMetadata).onrecord.results.length === 1);
await raises("openai-compatible: an unknown model", (error) => error.statusCode === 404 && error.message.includes("no model"), () =>
  generateText({ model: compatible("gpt-9"), prompt: QUESTION, maxRetries: 0 }));

// What useChat does with each message, without React around it.
const transport = new DefaultChatTransport({ api: `${URL}/v1/ui/chat`, headers: { authorization: `Bearer ${KEY}` } });
const send = (messages) =>
  transport.sendMessages({ chatId: "c1", trigger: "submit-message", messageId: undefined, messages, abortSignal: undefined });
const said = (id, role, text) => ({ id, role, parts: [{ type: "text", text }] });
async function answered(messages) {
  let last = null;
  for await (const message of readUIMessageStream({ stream: await send(messages), terminateOnError: true })) last = message;
  return last;
}
const message = await answered([said("1", "user", QUESTION)]);
const text = message.parts.filter((part) => part.type === "text").map((part) => part.text).join("");
const [source] = message.parts.filter((part) => part.type === "source-url");
check("useChat's transport: the text", text.includes(WORDS) && text.includes("[1]"));
check("useChat's transport: the source with its words", source.sourceId === "1" && source.providerMetadata.onrecord.quote.includes(WORDS), source.url);
const place = source.providerMetadata.onrecord;
const { body } = await (await fetch(`${URL}/v1/articles/${place.article}`)).json();
check("useChat's transport: and their place in the article", [...body].slice(place.start, place.end).join("") === place.quote, `${place.start}-${place.end}`);
check("useChat's transport: the whole answer as metadata", message.metadata.onrecord.answered === true);
const next = await answered([said("1", "user", QUESTION), message, said("3", "user", "When did he say that?")]);
check("useChat's transport: a follow-up is understood", next.metadata.onrecord.query.text.includes("Peskov"), next.metadata.onrecord.query.text);
const nothing = await answered([said("1", "user", UNANSWERABLE)]);
check("useChat's transport: an abstention", nothing.parts.some((part) => part.text?.startsWith("Not in these articles.")));
await raises("useChat's transport: no question", (error) => error.message.includes("the question is empty"), () => answered([said("1", "user", " ")]));
finish();
