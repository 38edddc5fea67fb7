// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it finds
const COLOUR_OR_UNSAFE = /\x1b\[[\d;]*m|[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text for a terminal or a log. Names and messages come from anywhere: control characters, and those that reverse the direction of
 * text, become `\u001b`, which JSON reads as the same text. Tabs, line breaks and colours stay.
 */
export function printable(text: string): string {
  return text.replace(COLOUR_OR_UNSAFE, (found) =>
    found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
