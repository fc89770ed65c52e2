import { all } from "./more-modules.ts";
import { serve } from "./worker.ts";

serve(all);
