package repro.probe;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;

/** A pool of threads. */
final class Pool {
    final long id;
    final WeakReference<Object> of;
    /** The frames that made it, the innermost first; none if the runtime did. */
    final List<StackWalker.StackFrame> site;
    final String kind;
    boolean told;
    /** How often its threads were seen in a job: waiting, and at all. */
    private long waiting;
    private long looks;

    Pool(long id, Object of, List<StackWalker.StackFrame> site) {
        this.id = id;
        this.of = new WeakReference<>(of);
        this.site = site;
        this.kind = of.getClass().getSimpleName();
    }

    void seen(boolean computes) {
        waiting += computes ? 0 : 1;
        looks++;
    }

    /** How much of a time was spent waiting, as far as it was seen. */
    long waited(long ns) {
        return looks == 0 ? 0 : ns * waiting / looks;
    }

    /** How many it lets work at one time; 0 if that is not bounded. */
    int size() {
        Object pool = of.get();
        if (pool instanceof ForkJoinPool) {
            return ((ForkJoinPool) pool).getParallelism();
        }
        if (pool instanceof ThreadPoolExecutor) {
            ThreadPoolExecutor threads = (ThreadPoolExecutor) pool;
            int most = threads.getMaximumPoolSize();
            boolean isEndless = threads.getQueue().remainingCapacity() > 1_000_000;
            return isEndless ? Math.max(threads.getCorePoolSize(), 1) : Math.min(most, 10_000);
        }
        return 0;
    }

    /** Whether a job that is handed over now gets a thread at once. */
    boolean takesAtOnce() {
        Object pool = of.get();
        if (!(pool instanceof ThreadPoolExecutor)) {
            return false;
        }
        ThreadPoolExecutor threads = (ThreadPoolExecutor) pool;
        return threads.getQueue() instanceof SynchronousQueue || threads.getPoolSize() < threads.getCorePoolSize();
    }

    /** Whether it is one thread that runs what comes due, as an event loop does. */
    boolean isTimer() {
        Object pool = of.get();
        return pool instanceof ScheduledThreadPoolExecutor && size() == 1;
    }
}
