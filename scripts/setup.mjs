// npm run setup: everything that npm start would set up, trying a better backend again, without starting anything.

import { orExplain } from './setup/explain.mjs';
import { setUp } from './setup/index.mjs';

await orExplain(() => setUp({ retry: true }));
