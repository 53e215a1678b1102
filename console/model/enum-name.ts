/** The name of a protobuf enum's value; a value that a newer service sends and this page does not know keeps its number. */
export function enumName(values: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(values).find(([, number]) => number === value)?.[0] ?? `#${value}`;
}
