/** The name and its gate. */
export function Wordmark({ href }: { readonly href: string }) {
  return (
    <a class="wordmark" href={href}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M5 4v16M19 4v16M9 5v6h6V5M9 16.5c1-.9 2-.9 3 0s2 .9 3 0" />
      </svg>
      Sluice
    </a>
  );
}
