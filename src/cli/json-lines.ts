/** Renders events as JSON, one object a line, as they come. */
export function jsonRenderer(write: (line: string) => void): (event: object) => void {
  return (event) => write(JSON.stringify(event));
}
