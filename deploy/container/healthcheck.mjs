/** Ends with 0 when the service of this container is ready to decide, else with 1 and the reason. */
const { PORT = "8003" } = process.env;

try {
  const response = await fetch(`http://127.0.0.1:${PORT}/health/ready`, { signal: AbortSignal.timeout(2_500) });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
