package repro.probe;

import java.lang.management.LockInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** What a thread waits for, as far as it can be told at one look. */
final class Waiting {
    /** The call of the user's that waits: `Thread.sleep`. */
    String kind = "";
    Object blocker;
    Job job;
    long lock;
    int size;
    Thread holder;

    private static final WeakKeys<Long> LOCKS = new WeakKeys<>();
    private static final Map<String, Long> MONITORS = new HashMap<>();

    static Waiting of(Thread thread, Thread.State is, StackTraceElement[] stack, State state, Map<Long, Thread> byId) {
        Waiting found = new Waiting();
        found.blocker = LockSupport.getBlocker(thread);
        if (is == Thread.State.BLOCKED) {
            found.monitor(thread, state, byId);
            return found;
        }
        State.Limit limit = found.blocker == null ? null : state.limits.get(found.blocker);
        Thread owner = Fields.ownerOf(found.blocker);
        if (limit != null) {
            found.lock = limit.id;
            found.size = limit.size;
            for (Thread in : limit.holders) {
                found.holder = in;
            }
        } else if (owner != null && owner != thread) {
            found.lock = numberOf(found.blocker, state);
            found.size = 1;
            found.holder = owner;
        } else {
            found.job = jobOf(thread, found.blocker, stack, state);
            found.blocker = found.blocker == null ? joined(thread, stack, state) : found.blocker;
        }
        return found;
    }

    private void monitor(Thread thread, State state, Map<Long, Thread> byId) {
        state.isBlocked = true;
        ThreadMXBean bean = state.times;
        ThreadInfo info = bean == null ? null : bean.getThreadInfo(thread.getId());
        LockInfo monitor = info == null ? null : info.getLockInfo();
        if (monitor != null) {
            String key = monitor.toString();
            Long known = MONITORS.get(key);
            if (known == null) {
                known = state.serials.incrementAndGet();
                MONITORS.put(key, known);
            }
            lock = known;
            size = 1;
            holder = byId.get(info.getLockOwnerId());
        }
    }

    private static long numberOf(Object lock, State state) {
        Long known = LOCKS.get(lock);
        if (known == null) {
            known = state.serials.incrementAndGet();
            LOCKS.put(lock, known);
        }
        return known;
    }

    private static Job jobOf(Thread thread, Object blocker, StackTraceElement[] stack, State state) {
        Job job = state.jobs.get(blocker);
        if (job != null) {
            return job;
        }
        for (int i = 0; i < Math.min(stack.length, 10); i++) {
            String method = stack[i].getMethodName();
            if (method.equals("waitingGet") || method.equals("timedGet")) {
                WeakReference<Object> stage = state.stages.get(thread);
                return stage == null ? null : jobBehind(stage.get(), state);
            }
        }
        return null;
    }

    /** The thread whose end is waited for: one after another may be, at one line. */
    private static Object joined(Thread thread, StackTraceElement[] stack, State state) {
        WeakReference<Object> joined = state.stages.get(thread);
        for (int i = 0; joined != null && i < Math.min(stack.length, 6); i++) {
            if (stack[i].getMethodName().equals("join") && stack[i].getClassName().equals("java.lang.Thread")) {
                return joined.get();
            }
        }
        return null;
    }

    /** The job that a stage comes from, if it is one alone. */
    private static Job jobBehind(Object stage, State state) {
        Job direct = state.jobs.get(stage);
        if (direct != null || stage == null) {
            return direct;
        }
        int looked = 0;
        for (Job job : state.living) {
            Object result = job.result == null ? null : job.result.get();
            if (result instanceof CompletableFuture && ++looked < 64 && leadsTo(result, stage)) {
                return job;
            }
        }
        return null;
    }

    private static boolean leadsTo(Object from, Object stage) {
        Deque<Object> open = new ArrayDeque<>();
        open.add(from);
        for (int steps = 0; !open.isEmpty() && steps < 32; steps++) {
            Object next = Fields.get(open.poll(), "stack");
            for (int width = 0; next != null && width < 16; width++) {
                // What joins several has a second source.
                Object dependent = Fields.of(next.getClass(), "snd") == null ? Fields.get(next, "dep") : null;
                if (dependent == stage) {
                    return true;
                }
                if (dependent != null) {
                    open.add(dependent);
                }
                next = Fields.get(next, "next");
            }
        }
        return false;
    }

    /** As JSON, with who holds what it waits for. */
    Row row() {
        Row row = Row.inner().put("kind", kind);
        if (job != null) {
            row.put("job", job.id);
        }
        if (lock != 0) {
            row.put("lock", lock).put("size", size);
        }
        if (holder != null) {
            row.put("holder", holder.getId());
        }
        return row;
    }
}
