// Runs a test of WebAssembly in Node: `node --no-warnings wasi.mjs <test>.wasm [arguments]`.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const args = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args, env: process.env });
const test = await WebAssembly.compile(await readFile(args[0]));
process.exitCode = wasi.start(await WebAssembly.instantiate(test, wasi.getImportObject()));
