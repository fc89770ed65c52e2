// A top-level await that can never end.
import { chan } from "gocsp";

await chan().receive();
