// One scenario, named by the first argument, of a fatal misuse: it is past catch, finally and every other goroutine.
import { go, gosched, main, sync, time } from "gocsp";

const scenarios: Record<string, () => unknown> = {
  unlock() {
    new sync.Mutex().unlock(); // @unlock
  },
  async unlockTwice() {
    const mu = new sync.Mutex();
    await mu.lock();
    mu.unlock();
    mu.unlock(); // @unlockTwice
  },
  rwUnlock() {
    new sync.RWMutex().unlock(); // @rwUnlock
  },
  async rwUnlockOfReader() {
    const mu = new sync.RWMutex();
    await mu.rLock();
    mu.unlock(); // @rwUnlockOfReader
  },
  async rwUnlockTwice() {
    const mu = new sync.RWMutex();
    await mu.lock();
    mu.unlock();
    mu.unlock(); // @rwUnlockTwice
  },
  rUnlock() {
    new sync.RWMutex().rUnlock(); // @rUnlock
  },
  async rUnlockOfWriter() {
    const mu = new sync.RWMutex();
    await mu.lock();
    mu.rUnlock(); // @rUnlockOfWriter
  },
  async rUnlockTwice() {
    const mu = new sync.RWMutex();
    await mu.rLock();
    mu.rUnlock();
    mu.rUnlock(); // @rUnlockTwice
  },
  rLocker() {
    new sync.RWMutex().rLocker().unlock(); // @rLocker
  },
  async using() {
    const mu = new sync.Mutex();
    using _ = await mu.lock();
    mu.unlock();
  },
  async withLock() {
    const mu = new sync.Mutex();
    await mu.withLock(() => mu.unlock());
  },
  async condWithoutLock() {
    await new sync.Cond(new sync.Mutex()).wait();
  },
};

main(async () => {
  go(async () => {
    try {
      await time.sleep(1000);
    } finally {
      console.log("another's finally");
    }
  });
  go(async () => {
    for (;;) {
      await gosched();
    }
  });
  try {
    await scenarios[process.argv[2] as string]?.();
    console.log("went on");
  } catch {
    console.log("recovered");
  } finally {
    console.log("finally");
  }
});
