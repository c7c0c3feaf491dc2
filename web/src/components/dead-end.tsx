import type { ComponentChildren } from 'preact';

/** An address that leads nowhere: what is wrong with it, and where to go instead. */
export function DeadEnd({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <main class="page guide">
      <h1>{title}</h1>
      {children}
    </main>
  );
}
