import { defineConfig } from 'playwright/test';
import base from './playwright.config.ts';

/** The comparison with HLS: measured by hand, not part of the tests. */
export default defineConfig(base, { testDir: 'comparison' });
