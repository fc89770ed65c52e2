/**
 * What is different about files in Deno. The number of an open file is of use only to the thread that has opened it. And what is
 * done with a file in the background is done with a copy of that number, whose closing takes the locks of the process off
 * the file.
 */
export const isDeno: boolean = "Deno" in globalThis;
