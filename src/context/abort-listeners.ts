import { bound, hasAsyncContexts } from "../runtime/async-context.ts";

type Listener = ((event: never) => unknown) | { handleEvent(event: never): unknown };

/** The methods of an AbortSignal for its listeners. */
export interface ListenerTarget {
  addEventListener(type: string, listener: unknown, options?: unknown): void;
  removeEventListener(type: string, listener: unknown, options?: unknown): void;
}

/**
 * Makes a signal bind its `abort` listeners to the asynchronous context in which they are added. Hosts call them in
 * that of the abort, which may belong to another request, or to a timer.
 */
export function bindListeners(signal: ListenerTarget): void {
  if (!hasAsyncContexts) return;
  const { addEventListener, removeEventListener } = signal;
  // Hosts identify a listener by the function and by whether it captures.
  const plain = new WeakMap<Listener, Listener>();
  const capturing = new WeakMap<Listener, Listener>();
  const boundsFor = (options: unknown): WeakMap<Listener, Listener> =>
    options === true || (options as { capture?: unknown } | undefined)?.capture === true ? capturing : plain;
  defineHidden(signal, "addEventListener", {
    value(type: string, listener: unknown, options?: unknown): void {
      let added = listener;
      if (type === "abort" && isListener(listener)) {
        const bounds = boundsFor(options);
        added = bounds.get(listener) ?? bindListener(signal, listener);
        bounds.set(listener, added as Listener);
      }
      addEventListener.call(signal, type, added, options);
    },
  });
  defineHidden(signal, "removeEventListener", {
    value(type: string, listener: unknown, options?: unknown): void {
      let removed = listener;
      if (type === "abort" && isListener(listener)) {
        const bounds = boundsFor(options);
        removed = bounds.get(listener) ?? listener;
        // If it is added again, it is bound to the context of that call.
        bounds.delete(listener);
      }
      removeEventListener.call(signal, type, removed, options);
    },
  });
  bindHandler(signal);
}

/** Does the same for the property `onabort`. */
function bindHandler(signal: ListenerTarget): void {
  const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(signal), "onabort")?.set;
  if (set === undefined) return;
  let handler: unknown = null;
  defineHidden(signal, "onabort", {
    get: () => handler,
    set(value: unknown): void {
      handler = isListener(value) ? value : null;
      set.call(signal, isListener(value) ? bindListener(signal, value) : null);
    },
  });
}

function isListener(value: unknown): value is Listener {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

function bindListener(signal: ListenerTarget, listener: Listener): Listener {
  return bound((event: never) =>
    typeof listener === "function" ? listener.call(signal, event) : listener.handleEvent(event),
  );
}

/** Defines a property of one object like one of its prototype: it is not among the object's keys. */
function defineHidden(target: object, name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(target, name, {
    configurable: true,
    ...("value" in descriptor && { writable: true }),
    ...descriptor,
  });
}
