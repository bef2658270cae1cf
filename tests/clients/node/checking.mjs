// What every script here starts from: where the service is, what is asked, and checks that are printed and counted.
export const URL = process.env.ONRECORD_URL;
export const KEY = process.env.ONRECORD_KEY ?? "none is needed";
export const QUESTION = "what did Peskov say about a summit?";
export const WORDS = "A summit can and must be the full stop at the end of the settlement";
// Its answer stands behind characters that JavaScript counts twice.
export const ASTRAL = "When does the lighthouse café open?";
export const UNANSWERABLE = "Who won the chess match on the moon?";

let failed = 0;

export function check(what, held, detail = "") {
  console.log(`  ${held ? "ok  " : "FAIL"} ${what}${detail === "" ? "" : `: ${detail}`}`);
  if (!held) failed += 1;
}

export async function raises(what, holds, call) {
  try {
    await call();
    check(what, false, "nothing was raised");
  } catch (error) {
    check(what, holds(error), `${error.name ?? error.constructor.name}: ${String(error.message).slice(0, 110)}`);
  }
}

// Offsets count code points; a JavaScript string is indexed by UTF-16.
export const marks = (text, places) => places.map(([start, end]) => [...text].slice(start, end).join(""));
export const numbered = (found) => found.length > 0 && found.every((mark) => /^\[\d+\]$/.test(mark));
export const finish = () => process.exit(failed ? 1 : 0);
