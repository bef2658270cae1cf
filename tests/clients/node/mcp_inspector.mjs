// The MCP inspector on the command line.
import { execFileSync } from "node:child_process";
import { QUESTION, URL, WORDS, check, finish } from "./checking.mjs";

const inspector = "node_modules/@modelcontextprotocol/inspector/cli/build/cli.js";
const run = (...more) =>
  JSON.parse(execFileSync("node", [inspector, "--cli", ...more], { encoding: "utf8", timeout: 60000 }));
const [command, ...rest] = JSON.parse(process.env.ONRECORD_MCP);
for (const [way, server] of [["http", [`${URL}/mcp`, "--transport", "http"]], ["stdio", [command, ...rest]]]) {
  const { tools } = run(...server, "--method", "tools/list");
  const names = tools.map((tool) => tool.name);
  check(`${way}: the tools`, names.join() === "search,fetch,ask,statements", names);
  check(`${way}: each says what it takes and gives`, tools.every((tool) => tool.description && tool.inputSchema && tool.outputSchema));
  const answer = run(...server, "--method", "tools/call", "--tool-name", "ask", "--tool-arg", `question=${QUESTION}`);
  check(`${way}: ask`, answer.structuredContent.text.includes(WORDS), answer.structuredContent.citations[0].title);
  const wrong = run(...server, "--method", "tools/call", "--tool-name", "fetch", "--tool-arg", "id=nosucharticle");
  check(`${way}: an error is an error`, wrong.isError === true, wrong.content[0].text);
}
finish();
