// npm run setup: everything that npm start would set up, trying a better backend again, without starting anything.
import { setUp } from './setup/index.mjs';
import { orExplain } from './setup/explain.mjs';

await orExplain(() => setUp({ retry: true }));
