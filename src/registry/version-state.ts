/** Where a version is in its life in this process. */
export type VersionState = "START" | "LOADING" | "AVAILABLE" | "UNLOADING" | "END";

/** The only changes there are. */
const successors: Readonly<Record<VersionState, readonly VersionState[]>> = {
  START: ["LOADING", "END"],
  LOADING: ["AVAILABLE", "END"],
  AVAILABLE: ["UNLOADING"],
  UNLOADING: ["END"],
  // A version that made room for others, or whose file was mended, may be asked for again.
  END: ["LOADING"],
};

/** A state, and why the version is in it. */
export interface VersionStatus {
  readonly state: VersionState;
  readonly reason: string;
}

/** The life of one version. */
export interface VersionLife {
  status(): VersionStatus;
  /** @throws Error for a change that is not in the table: a defect of the caller. */
  move(state: VersionState, reason: string): void;
}

/** @param onMove told after each change */
export function createVersionLife(onMove: (from: VersionStatus, to: VersionStatus) => void): VersionLife {
  let status: VersionStatus = { state: "START", reason: "registered" };
  return {
    status: () => status,
    move(state, reason) {
      if (!successors[status.state].includes(state)) {
        throw new Error(`a version cannot go from ${status.state} to ${state} (${reason})`);
      }
      const from = status;
      status = { state, reason };
      onMove(from, status);
    },
  };
}
