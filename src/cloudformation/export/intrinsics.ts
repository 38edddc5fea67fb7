/** A template value: any JSON, including intrinsic functions. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value | undefined };

export interface Resource {
  Type: string;
  DependsOn?: string[];
  /** `RetainExceptOnCreate`: deleted only if creating its stack fails. */
  DeletionPolicy?: 'RetainExceptOnCreate' | 'Delete';
  UpdateReplacePolicy?: 'Retain' | 'Delete';
  Properties: Record<string, Value | undefined>;
}

export type Resources = Record<string, Resource>;

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
export const ref = (id: string): Value => ({ Ref: id });
export const getAtt = (id: string, attribute: string): Value => ({ 'Fn::GetAtt': [id, attribute] });
export const sub = (text: string): Value => ({ 'Fn::Sub': text });
export const join = (parts: readonly Value[]): Value => ({ 'Fn::Join': ['', parts] });

/** `Tags` in the form most resources use; omitted if empty. */
export function tagList(tags: Record<string, string>, value: (text: string) => Value): { Tags?: Value } {
  const entries = Object.entries(tags);
  return entries.length > 0 ? { Tags: entries.map(([Key, text]) => ({ Key, Value: value(text) })) } : {};
}
