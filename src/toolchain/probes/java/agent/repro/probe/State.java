package repro.probe;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What hooks have told so far. Each listener runs in a thread of the program, and is as short as can be. */
final class State {
    /** Jobs that are followed one by one; of those that come after them, each sixteenth is. */
    private static final int ALL = 4000;
    /** Threads and locks whose making is remembered. */
    private static final int MADE = 2000;
    /** What follows a stage and hands its error on. */
    private static final Set<String> PASSES_ON = Set.of("UniApply", "UniAccept", "UniRun", "UniCompose", "UniRelay");

    final AtomicLong serials = new AtomicLong();
    final WeakKeys<Pool> pools = new WeakKeys<>();
    /** By what was handed over, and by what keeps its result. */
    final WeakKeys<Job> jobs = new WeakKeys<>();
    final Set<Job> living = ConcurrentHashMap.newKeySet();
    final Queue<Job> ended = new ConcurrentLinkedQueue<>();
    /** Those whose error nobody has asked for, and those that were asked for and failed. */
    final Set<Job> failed = ConcurrentHashMap.newKeySet();
    /** Those with results, the first of them alone. */
    final Queue<Job> kept = new ConcurrentLinkedQueue<>();
    final Map<Thread, Job> running = new ConcurrentHashMap<>();
    /** What a thread waits for that waits for a stage. */
    final Map<Thread, WeakReference<Object>> stages = new ConcurrentHashMap<>();
    final WeakKeys<List<StackWalker.StackFrame>> threadSites = new WeakKeys<>();
    final Set<Thread> virtualThreads = ConcurrentHashMap.newKeySet();
    final WeakKeys<Limit> limits = new WeakKeys<>();
    final Queue<Failure> uncaught = new ConcurrentLinkedQueue<>();
    final AtomicLong submitted = new AtomicLong();
    final AtomicLong alive = new AtomicLong();
    volatile long mostAlive;
    volatile ThreadMXBean times;
    /** Whether a thread was seen that waits for a monitor. */
    boolean isBlocked;
    private final AtomicLong made = new AtomicLong();
    /** The pool that carries virtual threads, which hands itself a job each time one of them goes on. */
    private volatile Object virtualScheduler;
    private Field stageOfSupply;
    private Field stageOfRun;
    private Field resultOfStage;
    private Field stackOfStage;
    private Field syncOfSemaphore;

    /** A semaphore: how many it lets in, and who is in. */
    static final class Limit {
        final long id;
        final int size;
        final Set<Thread> holders = ConcurrentHashMap.newKeySet();

        Limit(long id, int size) {
            this.id = id;
            this.size = size;
        }
    }

    /** A thread that an error ended. */
    static final class Failure {
        final Thread thread;
        final Throwable error;
        final long at = System.nanoTime();

        Failure(Thread thread, Throwable error) {
            this.thread = thread;
            this.error = error;
        }
    }

    void open() throws Exception {
        stageOfSupply = Fields.of("java.util.concurrent.CompletableFuture$AsyncSupply", "dep");
        stageOfRun = Fields.of("java.util.concurrent.CompletableFuture$AsyncRun", "dep");
        resultOfStage = Fields.of("java.util.concurrent.CompletableFuture", "result");
        stackOfStage = Fields.of("java.util.concurrent.CompletableFuture", "stack");
        syncOfSemaphore = Fields.of("java.util.concurrent.Semaphore", "sync");
    }

    /** Whether something is there of which the processor time, or who holds a lock, matters. */
    boolean wantsTimes() {
        return times == null && (isBlocked || submitted.get() > 0);
    }

    /** Loads what tells the processor time of threads, which is slow. */
    void readTimes() {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        if (bean.isCurrentThreadCpuTimeSupported()) {
            times = bean;
        }
    }

    void made(Object pool) {
        pools.put(pool, new Pool(serials.incrementAndGet(), pool, Site.here().frames()));
    }

    Pool poolOf(Object of) {
        Pool pool = pools.get(of);
        if (pool == null) {
            // The runtime's own, or one that was made before.
            pool = new Pool(serials.incrementAndGet(), of, List.of());
            pools.put(of, pool);
        }
        return pool;
    }

    void submitted(Object of, Object job, long at) {
        if (of != null && of == virtualScheduler) {
            return;
        }
        long number = submitted.incrementAndGet();
        boolean isLeftOut = number > ALL && (number & 15) != 0;
        // Only what says when it begins can be followed.
        boolean isForked = job instanceof ForkJoinTask && job.getClass().getClassLoader() != null;
        if (isLeftOut || isForked || jobs.get(job) != null) {
            return;
        }
        Site site = Site.here();
        Object result = resultOf(job);
        boolean isKept = result != null && !site.isInternal && !site.isInvokeAny && !site.isInvokeAll;
        Pool pool = of == null ? null : poolOf(of);
        Job made = new Job(serials.incrementAndGet(), pool, typeOf(job), site.frames(), at, isKept);
        made.result = new WeakReference<>(result);
        jobs.put(job, made);
        if (result != null && result != job) {
            jobs.put(result, made);
        }
        if (isKept && number <= 500) {
            kept.add(made);
        }
        living.add(made);
        mostAlive = Math.max(mostAlive, alive.incrementAndGet());
    }

    private Object resultOf(Object job) {
        String name = job.getClass().getName();
        if (name.endsWith("$AsyncSupply")) {
            return Fields.get(stageOfSupply, job);
        }
        if (name.endsWith("$AsyncRun")) {
            return Fields.get(stageOfRun, job);
        }
        return job instanceof Future ? job : null;
    }

    private static Class<?> typeOf(Object job) {
        Object inner = job;
        for (int i = 0; i < 4 && inner != null && inner.getClass().getClassLoader() == null; i++) {
            Object next = null;
            for (String field : new String[] {"callable", "task", "fn", "runnable"}) {
                next = next == null ? Fields.get(Fields.of(inner.getClass(), field), inner) : next;
            }
            inner = next;
        }
        return inner == null ? job.getClass() : inner.getClass();
    }

    /** What comes due is handed over when it does. */
    void scheduled(Object of, Object job) {
        long due = System.nanoTime() + ((Delayed) job).getDelay(TimeUnit.NANOSECONDS);
        submitted(of, job, due);
    }

    /** A job begins, perhaps within another, as where its pool lets the caller run it. */
    void started(Object key, boolean isWithin) {
        long at = System.nanoTime();
        Thread me = Thread.currentThread();
        Job job = jobs.get(key);
        Job before = running.get(me);
        if (before != null && !isWithin) {
            running.remove(me);
            over(before, at);
            before = null;
        }
        if (job == null || job == before) {
            return;
        }
        running.put(me, job);
        job.outer = before;
        job.thread = me;
        if (job.ended != 0) {
            // Once more: what comes again and again is told of the first time only.
            return;
        }
        job.started = at;
        job.cpuAtStart = cpuTime();
    }

    private long cpuTime() {
        ThreadMXBean bean = times;
        if (bean == null || !virtualThreads.isEmpty() && virtualThreads.contains(Thread.currentThread())) {
            return -1;
        }
        return bean.getCurrentThreadCpuTime();
    }

    void ended(Object key) {
        Thread me = Thread.currentThread();
        Job job = running.get(me);
        if (job == null || key != null && jobs.get(key) != job) {
            return;
        }
        if (job.outer == null) {
            running.remove(me);
        } else {
            running.put(me, job.outer);
        }
        if (job.cpuAtStart >= 0) {
            job.cpu = Math.max(cpuTime() - job.cpuAtStart, 0);
        }
        over(job, System.nanoTime());
    }

    void over(Job job, long at) {
        if (job.ended == 0 && living.remove(job)) {
            job.ended = at;
            alive.decrementAndGet();
            if (at - job.started > 5_000_000L || job.started - job.submitted > 5_000_000L || job.wanted) {
                ended.add(job);
            }
        }
    }

    /** The result is there; for a stage, whether anybody is to hear of its error can be seen now. */
    void completed(Object result) {
        Job job = jobs.get(result);
        if (job == null) {
            return;
        }
        if (result instanceof CompletableFuture && job.error == null && job.hasResult) {
            Object outcome = Fields.get(resultOfStage, result);
            Object error = outcome == null ? null : Fields.get(Fields.of(outcome.getClass(), "ex"), outcome);
            if (error instanceof Throwable) {
                job.askedAt = job.askedAt == 0 && isHeard(result, job, 0) ? 1 : job.askedAt;
                failed(result, (Throwable) error);
            }
        }
        ended(result);
    }

    /** Whether somebody waits for a stage, or handles its error. Who asks later for one that follows it asks for its job. */
    private boolean isHeard(Object stage, Job job, int depth) {
        Object next = Fields.get(stackOfStage, stage);
        for (int width = 0; next != null && width < 16; width++) {
            String kind = next.getClass().getSimpleName();
            Object follows = PASSES_ON.contains(kind) ? Fields.get(next, "dep") : null;
            if (follows == null || depth > 16 || isHeard(follows, job, depth + 1)) {
                return true;
            }
            jobs.put(follows, job);
            next = Fields.get(next, "next");
        }
        return false;
    }

    void failed(Object key, Throwable error) {
        Job job = jobs.get(key);
        if (job != null && job.error == null) {
            job.error = error;
            job.failedAt = System.nanoTime();
            if (job.hasResult && failed.size() < 1000) {
                failed.add(job);
            }
        }
    }

    void asked(Object result) {
        Job job = jobs.get(result);
        if (job == null || job.askedAt > 1) {
            return;
        }
        Site site = Site.here();
        if (!site.isInvokeAll) {
            job.askedFrom = site.frames();
            job.askedAt = System.nanoTime();
        }
    }

    void chained(Object stage) {
        Job job = jobs.get(stage);
        if (job != null && job.askedAt == 0) {
            job.askedAt = 1;
        }
    }

    void cancelled(Object result) {
        Job job = jobs.get(result);
        if (job != null) {
            job.cancelled = true;
        }
    }

    void shutNow(Object pool) {
        Pool known = pools.get(pool);
        for (Job job : living) {
            job.cancelled |= job.pool == known;
        }
    }

    void threadStarted(Thread thread) {
        boolean isVirtual = thread.getClass().getName().equals("java.lang.ThreadBuilders$BoundVirtualThread")
                || thread.getClass().getName().equals("java.lang.VirtualThread");
        if (isVirtual && virtualScheduler == null) {
            virtualScheduler = Fields.get(Fields.of("java.lang.VirtualThread", "DEFAULT_SCHEDULER"), this);
        }
        if (isVirtual && virtualThreads.size() < MADE) {
            virtualThreads.add(thread);
        }
        if (made.incrementAndGet() < MADE) {
            threadSites.put(thread, Site.here().frames());
        }
    }

    void limited(Object sync) {
        if (made.incrementAndGet() < MADE) {
            limits.put(sync, new Limit(serials.incrementAndGet(), Fields.stateOf(sync)));
        }
    }

    void acquired(Object semaphore, boolean isIn) {
        Limit limit = limits.get(Fields.get(syncOfSemaphore, (Semaphore) semaphore));
        if (limit != null && isIn) {
            limit.holders.add(Thread.currentThread());
        } else if (limit != null) {
            limit.holders.remove(Thread.currentThread());
        }
    }

    boolean isCommon(Object pool) {
        return pool instanceof ForkJoinPool && pool == ForkJoinPool.commonPool();
    }
}
