package repro.probe;

import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Tells what is alive when main is over, or when the observer asks. */
final class Left {
    private static final int MOST = 60;
    private final State state;
    private final Sources sources;
    private final Watch watch;
    private final Teller teller;
    private final Thread main;
    private final Set<Thread> hooksBefore;

    Left(State state, Sources sources, Watch watch, Teller teller, Thread main) {
        this.state = state;
        this.sources = sources;
        this.watch = watch;
        this.teller = teller;
        this.main = main;
        this.hooksBefore = shutdownHooks();
    }

    private static Set<Thread> shutdownHooks() {
        Object hooks = Fields.of("java.lang.ApplicationShutdownHooks", "hooks") == null ? null
                : Fields.get(Fields.of("java.lang.ApplicationShutdownHooks", "hooks"), Thread.class);
        Set<Thread> found = new HashSet<>();
        for (Object hook : hooks instanceof Map ? ((Map<?, ?>) hooks).keySet().toArray() : new Object[0]) {
            found.add((Thread) hook);
        }
        return found;
    }

    /** Whether the program itself does something when it is told to end, as a service does. */
    private int hooksOfUser() {
        int count = 0;
        for (Thread hook : shutdownHooks()) {
            boolean isOurs = hook instanceof ProbeThread || hooksBefore.contains(hook);
            count += isOurs || hook.getClass().getClassLoader() == null && hook.getClass() != Thread.class ? 0 : 1;
        }
        return count;
    }

    void tell(boolean isMainOver) throws InterruptedException {
        if (state.times == null) {
            state.readTimes();
        }
        teller.ended();
        teller.living();
        Map<Thread, StackTraceElement[]> threads = watch.threads();
        Map<Thread, Long> before = cpuTimes(threads.keySet());
        Thread.sleep(50);
        Map<Thread, Long> after = cpuTimes(threads.keySet());
        Map<Long, Thread> byId = new HashMap<>();
        for (Thread thread : threads.keySet()) {
            byId.put(thread.getId(), thread);
        }
        int timers = 0;
        int readers = 0;
        Set<Object> counted = new HashSet<>();
        for (Map.Entry<Thread, StackTraceElement[]> one : threads.entrySet()) {
            StackTraceElement[] stack = one.getValue();
            boolean isTimed = one.getKey().getState() == Thread.State.TIMED_WAITING && !isIdle(stack);
            readers += stack.length > 0 && Watch.waitsInNative(stack[0]) && !isIdle(stack) ? 1 : 0;
            timers += isTimed ? 1 : 0;
            Object pool = poolBehind(one.getKey());
            if (pool instanceof ScheduledThreadPoolExecutor && counted.add(pool)) {
                timers += ((ScheduledThreadPoolExecutor) pool).getQueue().size();
            }
        }
        int hooks = hooksOfUser();
        List<String> rows = new ArrayList<>();
        Set<Object> pools = new HashSet<>();
        for (Map.Entry<Thread, StackTraceElement[]> one : threads.entrySet()) {
            Object pool = poolBehind(one.getKey());
            // One worker stands for its pool.
            boolean isRepeated = pool != null && isMainOver && !pools.add(pool);
            if (!isRepeated && rows.size() < MOST) {
                long cpu = after.getOrDefault(one.getKey(), 0L) - before.getOrDefault(one.getKey(), 0L);
                boolean mayBeMeant = readers + hooks > 0 || hasMoreToDo(one.getKey(), pool);
                rows.add(row(one.getKey(), one.getValue(), pool, cpu, mayBeMeant, byId));
            }
        }
        teller.unasked();
        long children = ProcessHandle.current().children().count();
        new Row("stuck", System.nanoTime()).put("main_over", isMainOver).raw("tasks", "[]").raw("threads", rows.toString())
                .put("timers", timers).put("readers", readers).put("handlers", hooks).put("children", children).tell();
        teller.counts();
    }

    private Map<Thread, Long> cpuTimes(Set<Thread> threads) {
        Map<Thread, Long> found = new HashMap<>();
        ThreadMXBean bean = state.times;
        for (Thread thread : threads) {
            boolean isPlain = bean != null && !state.virtualThreads.contains(thread);
            found.put(thread, isPlain ? Math.max(bean.getThreadCpuTime(thread.getId()), 0) : 0);
        }
        return found;
    }

    /** A worker that waits for its next job. */
    static boolean isIdle(StackTraceElement[] stack) {
        for (StackTraceElement element : stack) {
            String method = element.getMethodName();
            String type = element.getClassName();
            boolean isPool = method.equals("getTask") && type.equals("java.util.concurrent.ThreadPoolExecutor");
            if (isPool || method.equals("awaitWork") || type.startsWith("java.lang.VirtualThread")) {
                return true;
            }
        }
        return false;
    }

    private static Object poolBehind(Thread thread) {
        if (thread instanceof ForkJoinWorkerThread) {
            return ((ForkJoinWorkerThread) thread).getPool();
        }
        Object runs = Loops.runs(thread);
        boolean isWorker = runs != null && runs.getClass().getName().equals("java.util.concurrent.ThreadPoolExecutor$Worker");
        return isWorker ? Fields.get(runs, "this$0") : null;
    }

    /** Whether something comes due in this thread again. */
    private static boolean hasMoreToDo(Thread thread, Object pool) {
        if (pool instanceof ScheduledThreadPoolExecutor) {
            return !((ScheduledThreadPoolExecutor) pool).getQueue().isEmpty();
        }
        Object size = Fields.get(Fields.get(thread, "queue"), "size");
        return size instanceof Integer && (Integer) size > 0;
    }

    private String row(Thread thread, StackTraceElement[] stack, Object pool, long cpu, boolean mayBeMeant,
            Map<Long, Thread> byId) {
        Waiting on = Waiting.of(thread, thread.getState(), stack, state, byId);
        int own = sources.innermostOwn(stack);
        on.kind = own > 0 ? Watch.kind(stack, own) : isIdle(stack) ? "its queue" : "";
        List<Place> places = sources.all(stack);
        Pool known = pool == null ? null : state.pools.get(pool);
        List<StackWalker.StackFrame> site = known == null ? state.threadSites.get(thread) : known.site;
        if (site != null && !site.isEmpty() || own >= 0) {
            Row.release();
        }
        return Row.inner().put("thread", thread.getId()).put("name", thread.getName()).put("main", thread == main)
                .put("daemon", thread.isDaemon()).frames("stack", on.lock != 0 ? watch.takingLine(places, stack) : places)
                .frames("at", site == null ? List.of() : teller.places(site)).put("cpu_ns", cpu).raw("on", on.row().end())
                .put("may_be_meant", mayBeMeant).end();
    }
}
