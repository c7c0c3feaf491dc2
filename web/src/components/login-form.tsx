import { useEffect, useRef, useState } from 'preact/hooks';

export interface LoginFormProps {
  /** Why the last try failed, in the server's words. */
  readonly problem: string | null;
  readonly busy: boolean;
  readonly onSubmit: (token: string) => void;
}

/** Asks for the admin token. */
export function LoginForm({ problem, busy, onSubmit }: LoginFormProps) {
  const [token, setToken] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <main class="login">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(token.trim());
        }}
      >
        <h1>Sluice</h1>
        <p class="quiet">
          The dashboard asks for the admin token. It stands in the file <code>admin-token</code> of the
          server's data folder, unless you chose one. At each start the server prints a link that works
          without it for ten minutes.
        </p>
        <label class="login-field">
          <span class="label">Admin token</span>
          <input
            class="input mono"
            type="password"
            ref={field}
            name="token"
            autocomplete="current-password"
            required
            aria-invalid={problem !== null}
            aria-describedby="login-problem"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <p id="login-problem" class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="button primary" disabled={busy}>
          {busy ? 'Asking' : 'Open the dashboard'}
        </button>
      </form>
    </main>
  );
}
