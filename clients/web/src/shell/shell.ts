// The app's shell: the built files without which the page does not start, and who may answer for them. Knows no worker.

/** What a build is made of. version: a digest of it all.  files: path -> SHA-256 of its bytes, in hex. */
export interface Shell {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A built file. path: in the built folder, as "assets/index-Bz3k.js". */
export interface BuiltFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type Digest = (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
type Asked = Pick<Request, "method" | "mode" | "url">;

const PAGE = "/";
/** Served as the page. */
const PAGE_FILE = "index.html";
/** The worker is fetched by the browser itself; pictures are for whoever installs, who fetches them once. */
const LEFT_OUT = /^service_worker\.js$|\.(png|map|gz|br)$/;

/** The shell of a build. The same files give the same version, in whatever order they come. */
export async function shellOf(built: readonly BuiltFile[], digest: Digest = sha256): Promise<Shell> {
  const kept = built.filter(({ path }) => !LEFT_OUT.test(path));
  const named = kept.map(async ({ path, bytes }) => [addressOf(path), await digest(bytes)] as const);
  const files = (await Promise.all(named)).sort(([a], [b]) => (a < b ? -1 : 1));
  const version = await digest(new TextEncoder().encode(JSON.stringify(files)));
  return { version: version.slice(0, 16), files: Object.fromEntries(files) };
}

/**
 * Under which path the shell answers this request, or null where it has no say: another origin, anything but reading,
 * a page other than the one there is, and all of /api, /socket.io, /healthz, /metrics, which are no files of a build.
 */
export function pathInShell({ method, mode, url }: Asked, origin: string, { files }: Shell): string | null {
  const { origin: asked, pathname } = new URL(url);
  if (method !== "GET" || asked !== origin) return null;
  if (mode === "navigate" && pathname !== PAGE) return null;
  return Object.hasOwn(files, pathname) ? pathname : null;
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function addressOf(path: string): string {
  return path === PAGE_FILE ? PAGE : `/${path}`;
}
