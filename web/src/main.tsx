import { render } from 'preact';
import { App } from './app.tsx';
import { startRouter } from './router.ts';
import { createAdminStore } from './state/admin-store.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/admin.css';
import { startTheme } from './theme.ts';

startTheme();
const root = document.getElementById('app');
if (root !== null) render(<App route={startRouter()} store={createAdminStore()} />, root);
