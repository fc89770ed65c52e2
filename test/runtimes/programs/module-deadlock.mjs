// A top-level await that nobody can end.
import { chan } from "gocsp";

await chan().receive();
