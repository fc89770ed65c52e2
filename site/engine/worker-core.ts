import { core } from "./modules.ts";
import { serve } from "./worker.ts";

serve(core);
