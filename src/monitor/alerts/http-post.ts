import type { PostJson } from "./alertmanager-queue.ts";

/** Posts over HTTP. A redirect is no delivery: it would turn the POST into a GET. */
export const postJson: PostJson = async (url, body, signal) => {
  const headers = { "content-type": "application/json", "user-agent": "arbitrex-ml-layer" };
  const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
  await response.body?.cancel();
  return response.status;
};
