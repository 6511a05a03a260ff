// The coding screen: one sentence at a time, one question at a time, a key for each answer.

import { Keys } from "./keys.js";
import { layOut } from "./layout.js";
import { Pointer } from "./pointer.js";
import { Screen } from "./screen.js";

layOut();
const screen = new Screen();
new Pointer(screen, new Keys(screen));
await screen.start();
