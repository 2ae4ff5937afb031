/** JSON Pointer (RFC 6901): the value at `/a/0/b`, undefined where there is none. */
export function valueAtPointer(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (inner, step) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
          ? (inner as Record<string, unknown>)[step]
          : undefined,
      value,
    );
}

export function escapePointerStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
