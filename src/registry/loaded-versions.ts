import { OverloadedError, UnmetConditionError } from "../domain/errors.ts";
import type { ModelLease, TrainedModel } from "../domain/trained-model.ts";
import { createVersionLife, type VersionLife, type VersionState, type VersionStatus } from "./version-state.ts";

/** Told after each change of a state. */
export type StateListener = (key: string, from: VersionStatus, to: VersionStatus) => void;

export interface LoadedVersionsOptions {
  /** Most models in memory at a time. */
  readonly loadedMax: number;
  /** True for a version that must not be unloaded to make room. */
  readonly isPinned: (key: string) => boolean;
  readonly onMove: StateListener;
}

/** The versions that are in memory, and who uses them. A key names a version of a model. */
export interface LoadedVersions {
  status(key: string): VersionStatus;
  /**
   * Loads the version unless it is, and leases it.
   *
   * @throws OverloadedError when too many versions are loaded and all of them are needed.
   * @throws UnmetConditionError for a version that is being unloaded.
   */
  acquire(key: string, load: () => Promise<TrainedModel>): Promise<ModelLease>;
  /** Takes a version that needs no memory through its life at once; `fault` says why it cannot serve. */
  admit(key: string, fault: string | undefined): void;
  /** Releases the model, or has its last lease release it. */
  unload(key: string, reason: string): Promise<void>;
  /** Drops what is known of a version that no longer exists. */
  forget(key: string): void;
  /** Unloads everything. */
  close(): Promise<void>;
}

interface Slot {
  readonly key: string;
  readonly life: VersionLife;
  /** Leases that are out or being waited for. */
  leases: number;
  model: TrainedModel | undefined;
  loading: Promise<void> | undefined;
  releasing: Promise<void> | undefined;
}

const start: VersionStatus = { state: "START", reason: "registered" };

export function createLoadedVersions(options: LoadedVersionsOptions): LoadedVersions {
  // Least recently leased first, which is the order in which versions make room.
  const slots = new Map<string, Slot>();
  const openSlot = (key: string): Slot => {
    const slot = slots.get(key) ?? createSlot(key, options.onMove);
    slots.delete(key);
    slots.set(key, slot);
    return slot;
  };
  const makeRoom = async (): Promise<void> => {
    const loaded = [...slots.values()].filter((slot) => slot.model !== undefined || slot.loading !== undefined);
    if (loaded.length < options.loadedMax) return;
    const idle = loaded.find(
      (slot) => slot.leases === 0 && slot.life.status().state === "AVAILABLE" && !options.isPinned(slot.key),
    );
    if (idle === undefined) {
      throw new OverloadedError(
        `${options.loadedMax} versions are loaded and in use; delete one`,
        1000,
        "LOADED_VERSIONS_LIMIT",
      );
    }
    await unloadSlot(idle, "made room for another version");
  };
  return {
    status: (key) => slots.get(key)?.life.status() ?? start,
    async acquire(key, load) {
      const slot = openSlot(key);
      await slot.releasing;
      assertNotUnloading(slot);
      // Counted before the wait, so that nothing takes the model away during it.
      slot.leases++;
      try {
        if (slot.model === undefined) await loadOnce(slot, load, makeRoom);
        return createLease(slot);
      } catch (error) {
        slot.leases--;
        throw error;
      }
    },
    admit(key, fault) {
      const { life } = openSlot(key);
      if (life.status().state !== "START") return;
      life.move("LOADING", "being verified");
      life.move(fault === undefined ? "AVAILABLE" : "END", fault ?? "verified");
    },
    async unload(key, reason) {
      const slot = slots.get(key);
      if (slot !== undefined) await unloadSlot(slot, reason);
    },
    forget: (key) => void slots.delete(key),
    async close() {
      for (const slot of slots.values()) await unloadSlot(slot, "the service stops");
    },
  };
}

function createSlot(key: string, onMove: StateListener): Slot {
  const life = createVersionLife((from, to) => onMove(key, from, to));
  return { key, life, leases: 0, model: undefined, loading: undefined, releasing: undefined };
}

function stateOf(slot: Slot): VersionState {
  return slot.life.status().state;
}

function assertNotUnloading(slot: Slot): void {
  if (stateOf(slot) !== "UNLOADING") return;
  const description = "it is being unloaded and still in use; ask again later";
  throw new UnmetConditionError([{ type: "MODEL_UNLOADING", subject: slot.key, description }], "MODEL_UNLOADING");
}

/** Whoever asks while a version is being loaded waits for the same loading. */
async function loadOnce(slot: Slot, load: () => Promise<TrainedModel>, makeRoom: () => Promise<void>): Promise<void> {
  slot.loading ??= loadSlot(slot, load, makeRoom).finally(() => {
    slot.loading = undefined;
  });
  await slot.loading;
}

async function loadSlot(slot: Slot, load: () => Promise<TrainedModel>, makeRoom: () => Promise<void>): Promise<void> {
  await makeRoom();
  slot.life.move("LOADING", "asked for");
  try {
    slot.model = await load();
  } catch (error) {
    slot.life.move("END", `it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  }
  slot.life.move("AVAILABLE", "loaded and verified");
}

function createLease(slot: Slot): ModelLease {
  const { model } = slot;
  if (model === undefined) throw new Error(`${slot.key} was unloaded while it was leased`);
  let isOut = true;
  return {
    model,
    share() {
      if (!isOut) throw new Error(`a lease on ${slot.key} was shared after its release`);
      slot.leases++;
      return createLease(slot);
    },
    async release() {
      if (!isOut) return;
      isOut = false;
      slot.leases--;
      if (stateOf(slot) === "UNLOADING") await releaseIdle(slot);
    },
  };
}

async function unloadSlot(slot: Slot, reason: string): Promise<void> {
  // A failed loading has been told to who asked for it.
  await slot.loading?.catch(() => undefined);
  if (stateOf(slot) === "AVAILABLE") slot.life.move("UNLOADING", reason);
  if (stateOf(slot) === "UNLOADING") await releaseIdle(slot);
}

async function releaseIdle(slot: Slot): Promise<void> {
  if (slot.leases > 0) return;
  const { model } = slot;
  const { reason } = slot.life.status();
  slot.model = undefined;
  slot.releasing ??= (async () => {
    await model?.release();
    slot.life.move("END", reason);
  })().finally(() => {
    slot.releasing = undefined;
  });
  await slot.releasing;
}
