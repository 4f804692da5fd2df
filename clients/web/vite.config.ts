import { defineConfig } from "vite";
import type { IndexHtmlTransformContext, Plugin } from "vite";

import packageFacts from "./package.json" with { type: "json" };
import { shellOf } from "./src/shell/shell.ts";
import type { BuiltFile } from "./src/shell/shell.ts";

/** What is used of Node, whose types are no part of a page's program. */
declare const process: { getBuiltinModule(name: "node:zlib"): Zlib };
interface Zlib {
  brotliCompressSync(bytes: Uint8Array): Uint8Array;
  gzipSync(bytes: Uint8Array, options: { level: number }): Uint8Array;
}

interface ModuleInfos {
  getModuleInfo(id: string): { readonly importers: readonly string[] } | null;
}

const WORKER = "service_worker";
/** Which files of src/ are fetched when somebody is signed in. */
const BEHIND_DOOR = ["inside", "indoors"];
/** The page's own program. */
const PAGE = "index";
/** Its words, for who reads them. */
const ENGLISH = "en";
const FIRST = '<script src="/first.js"';
const PROGRAM = /\s*<script type="module".*<\/script>/;
/** Below this a packet on the network is saved by nothing. */
const WORTH_PACKING = 1_024;
const PACKED = /\.(html|js|css|svg|webmanifest)$/;

/** Tells the service worker what it keeps, and lays packed copies beside each file, which the server hands out. */
function shell(): Plugin {
  let publicFolder = "";
  return {
    name: "bart-shell",
    apply: "build",
    configResolved: (config) => void (publicFolder = config.publicDir),
    generateBundle: {
      order: "post", // after the page itself has been made
      async handler(_, bundle) {
        const zlib = process.getBuiltinModule("node:zlib");
        const built: BuiltFile[] = [];
        for (const name of await this.fs.readdir(publicFolder)) {
          built.push({ path: name, bytes: new Uint8Array(await this.fs.readFile(`${publicFolder}/${name}`)) });
        }
        const worker = bundle[`${WORKER}.js`];
        if (worker?.type !== "chunk" || worker.imports.length > 0) this.error("the worker must be one file of its own");
        for (const file of Object.values(bundle)) {
          if (file === worker) continue;
          built.push({ path: file.fileName, bytes: bytesOf(file.type === "chunk" ? file.code : file.source) });
        }
        worker.code = worker.code.replace("__SHELL__", JSON.stringify(await shellOf(built)));
        built.push({ path: worker.fileName, bytes: bytesOf(worker.code) });
        for (const { path, bytes } of built) {
          if (!PACKED.test(path) || bytes.length < WORTH_PACKING) continue;
          this.emitFile({ type: "asset", fileName: `${path}.gz`, source: zlib.gzipSync(bytes, { level: 9 }) });
          this.emitFile({ type: "asset", fileName: `${path}.br`, source: zlib.brotliCompressSync(bytes) });
        }
      },
    },
  };
}

/**
 * Tells first.js where to find what lies behind the door; and lets the page's own program be asked for before it, since
 * the first of them has the connection that is open already, and the door waits for that program alone.
 */
function behindDoor(): Plugin {
  return {
    name: "bart-behind-door",
    apply: "build",
    transformIndexHtml: {
      order: "post", // when the files have their names
      handler(page, { bundle }) {
        const addresses = [...new Set(BEHIND_DOOR.flatMap((name) => filesOf(name, bundle)))].join(" ");
        if (!page.includes(FIRST) || !addresses) throw new Error("the page and what lies behind its door do not fit");
        const [program = ""] = PROGRAM.exec(page) ?? [];
        const first = `${FIRST} data-behind="${addresses}" data-english="${filesOf(ENGLISH, bundle).join(" ")}"`;
        return page.replace(program, "").replace(FIRST, `${program.trim()}\n    ${first}`);
      },
    },
  };
}

/** The addresses of a chunk, of what it imports but the page's own program, and of its styles. */
function filesOf(name: string, bundle: IndexHtmlTransformContext["bundle"] = {}): string[] {
  const chunk = Object.values(bundle).find((file) => file.type === "chunk" && file.name === name);
  if (chunk?.type !== "chunk") throw new Error(`the build has no ${name}`);
  const imports = chunk.imports.filter((path) => {
    const imported = bundle[path];
    return imported?.type === "chunk" && imported.name !== PAGE;
  });
  return [...imports, chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])].map((path) => `/${path}`);
}

/**
 * Leaves out of Engine.IO and Socket.IO what we never use: long polling, WebTransport, bytes as text, and a parser beside
 * our own, of which only the names of the packets are needed. They are a tenth of the first load.
 */
const UNUSED: readonly (readonly [RegExp, string])[] = [
  [/engine\.io-client\/build\/esm\/transports\/index\.js$/, `import { WS } from "./websocket.js"; export const transports = { websocket: WS };`],
  [/engine\.io-client\/build\/esm\/transports\/polling-(xhr|fetch)(\.node)?\.js$/, "export class XHR {} export class Fetch {}"],
  [/engine\.io-parser\/build\/esm\/contrib\/base64-arraybuffer\.js$/, "export const decode = () => new ArrayBuffer(0);"],
  [
    /socket\.io-parser\/build\/esm\/index\.js$/,
    `export const protocol = 5, PacketType = { CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4, BINARY_EVENT: 5, BINARY_ACK: 6 };
     export class Encoder {} export class Decoder {}`,
  ],
];

function withoutUnused(): Plugin {
  return {
    name: "bart-without-unused",
    apply: "build",
    transform: {
      filter: { id: UNUSED.map(([id]) => id) },
      handler: (_, id) => UNUSED.find(([file]) => file.test(id))?.[1],
    },
  };
}

/**
 * The page's own program is one file, and so is what is drawn indoors, also where parts of it are drawn elsewhere too:
 * many small ones pack worse, and they are there by then. What the connection needs stays with that.
 */
function roomOf(id: string, infos: ModuleInfos): string | null {
  const above = new Set([id]);
  for (const each of above) for (const importer of infos.getModuleInfo(each)?.importers ?? []) above.add(importer);
  const isIn = (file: string): boolean => [...above].some((each) => each.endsWith(`/src/${file}`));
  if (isIn(`shell/${WORKER}.ts`)) return null;
  if (isIn("main.tsx") || id.includes("rolldown/runtime")) return PAGE;
  return isIn("views/indoors.ts") && !isIn("inside.ts") ? "indoors" : null;
}

function bytesOf(source: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof source === "string" ? new TextEncoder().encode(source) : new Uint8Array(source);
}

// The page is served under `script-src 'self'; style-src 'self'; img-src 'self' data:`, so nothing may be inlined:
// no module preload polyfill (it would be a script of its own) and no asset as a data address inside CSS.
export default defineConfig({
  base: "/",
  define: { __VERSION__: JSON.stringify(packageFacts.version) },
  plugins: [withoutUnused(), behindDoor(), shell()],
  build: {
    outDir: "dist",
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: "index.html", [WORKER]: "src/shell/service_worker.ts" },
      output: {
        codeSplitting: { groups: [{ name: roomOf, includeDependenciesRecursively: false }] },
        // The worker keeps its name and its place, which are its identity; everything else has its digest in its name.
        entryFileNames: ({ name }) => (name === WORKER ? `${WORKER}.js` : "assets/[name]-[hash].js"),
      },
    },
  },
});
