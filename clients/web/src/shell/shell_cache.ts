// The shell as one worker keeps it: all of one build or nothing, so that a page never asks for a file that is gone.

import { sha256 } from "./shell";
import type { Shell } from "./shell";

type Caches = Pick<CacheStorage, "open" | "match" | "keys" | "delete">;
type Fetch = (path: string, options: RequestInit) => Promise<Response>;

const NAME = "bart-shell-";
/** Packed or not, the bytes are the same. */
const SAME = { ignoreVary: true };

export class ShellCache {
  readonly #shell: Shell;
  readonly #caches: Caches;
  readonly #fetch: Fetch;

  constructor(shell: Shell, caches: Caches, fetch: Fetch) {
    this.#shell = shell;
    this.#caches = caches;
    this.#fetch = fetch;
  }

  /** Fetches the whole build. Throws where a file of it can't be had: the browser then tries again another time. */
  async fill(): Promise<void> {
    const cache = await this.#caches.open(this.#name);
    const fetched = Object.entries(this.#shell.files).map(async ([path, digest]) => {
      await cache.put(path, (await this.#held(path)) ?? (await this.#fresh(path, digest)));
    });
    await Promise.all(fetched);
  }

  /** The file as it was when this worker was installed. */
  async answer(path: string): Promise<Response | undefined> {
    return (await this.#caches.open(this.#name)).match(path, SAME);
  }

  /** Drops the builds of earlier workers: once this one is in charge, no page is left that needs them. */
  async dropOthers(): Promise<void> {
    const names = (await this.#caches.keys()).filter((name) => name.startsWith(NAME) && name !== this.#name);
    await Promise.all(names.map((name) => this.#caches.delete(name)));
  }

  get #name(): string {
    return NAME + this.#shell.version;
  }

  /** An asset has its digest in its name: what an earlier build holds of it is the same, and costs no data. */
  async #held(path: string): Promise<Response | undefined> {
    return path.startsWith("/assets/") ? this.#caches.match(path, SAME) : undefined;
  }

  /** Compared with the build: while servers of two versions answer, one's page could meet the other's scripts. */
  async #fresh(path: string, digest: string): Promise<Response> {
    const response = await this.#fetch(path, { cache: "no-cache", credentials: "omit" });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    const bytes = new Uint8Array(await response.clone().arrayBuffer());
    if ((await sha256(bytes)) !== digest) throw new Error(`${path} is of another build`);
    return response;
  }
}
