/** A value of a template: what JSON can hold, intrinsic functions among it. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value | undefined };

export interface Resource {
  Type: string;
  DependsOn?: string[];
  /** `RetainExceptOnCreate`: it goes when the stack that was to make it cannot be made. */
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

/** `Tags` as most resources take them; none where there are none. */
export function tagList(tags: Record<string, string>, value: (text: string) => Value): { Tags?: Value } {
  const entries = Object.entries(tags);
  return entries.length > 0 ? { Tags: entries.map(([Key, text]) => ({ Key, Value: value(text) })) } : {};
}
