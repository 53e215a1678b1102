/** Takes all steps at once; between them the service answers calls, which a test need not. */
export function takeAllSteps<T>(steps: Generator<void, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
