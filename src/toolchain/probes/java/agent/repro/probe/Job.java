package repro.probe;

import java.util.List;

/** Something that was handed to a pool, or to a thread of its own. Times are nanoseconds. */
final class Job {
    final long id;
    final Pool pool;
    /** What it runs. */
    final Class<?> type;
    /** The frames that handed it over, the innermost first. */
    final List<StackWalker.StackFrame> site;
    final long submitted;
    /** Whether whoever hands it over gets something that keeps its result and its error. */
    final boolean hasResult;
    /** Whether it got a thread of its own, and stood in no queue. */
    final boolean isDirect;
    volatile long started;
    volatile long ended;
    volatile Thread thread;
    /** What the thread was doing when it began this. */
    volatile Job outer;
    volatile long cpuAtStart = -1;
    volatile long cpu;
    volatile Throwable error;
    volatile long failedAt;
    volatile long askedAt;
    volatile List<StackWalker.StackFrame> askedFrom = List.of();
    volatile boolean cancelled;
    /** Somebody was seen waiting for it. */
    volatile boolean wanted;
    /** What keeps its result. */
    java.lang.ref.WeakReference<Object> result;
    boolean submitTold;
    boolean startTold;
    boolean endTold;

    Job(long id, Pool pool, Class<?> type, List<StackWalker.StackFrame> site, long submitted, boolean hasResult) {
        this.isDirect = pool == null || pool.takesAtOnce();
        this.id = id;
        this.pool = pool;
        this.type = type;
        this.site = site;
        this.submitted = submitted;
        this.hasResult = hasResult;
    }

    boolean isDone() {
        return ended != 0;
    }
}
