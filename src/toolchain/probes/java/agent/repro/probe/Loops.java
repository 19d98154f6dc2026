package repro.probe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Delayed;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that run one callback after another, as an event loop does, and what keeps them. */
final class Loops {
    private static final long BLOCK_NS = 40_000_000L;
    /** What is due for longer than this comes late. */
    private static final long LATE_MS = 20;
    /** Where a loop of this kind runs its callbacks: the beginning of the class's name. */
    private static final String[] ROOTS = {"sun.net.httpserver.ServerImpl$Dispatcher", "java.awt.EventDispatchThread",
        "java.util.TimerThread", "io.netty.util.concurrent.SingleThreadEventExecutor", "io.netty.channel.nio.NioEventLoop",
        "com.sun.glass.ui.", "com.sun.javafx.application.", "org.xnio.nio.WorkerThread"};

    private final Sources sources;
    private final Modules modules;
    private final Map<Thread, String> kinds = new HashMap<>();
    private final Map<Thread, Block> blocks = new HashMap<>();

    /** One callback that has gone on for a while. */
    private static final class Block {
        Object callback;
        long since;
        long computed;
        long due;
        long others;
        final Map<Long, Integer> times = new HashMap<>();
        final Map<Long, StackTraceElement[]> stacks = new HashMap<>();
    }

    Loops(Sources sources, Modules modules) {
        this.sources = sources;
        this.modules = modules;
    }

    void see(Thread thread, StackTraceElement[] stack, Job job, boolean computes, long at, long since) {
        String kind = job != null && job.pool != null && job.pool.isTimer() ? "pool" : kindOf(thread, stack);
        int own = kind.isEmpty() ? -1 : sources.innermostOwn(stack);
        Object callback = own < 0 ? null : callback(kind, stack, job);
        Block block = blocks.get(thread);
        if (block != null && !block.callback.equals(callback)) {
            end(thread, blocks.remove(thread), at);
            block = null;
        }
        if (callback == null) {
            return;
        }
        if (block == null) {
            block = new Block();
            block.callback = callback;
            block.since = at;
            blocks.put(thread, block);
        }
        block.computed += computes ? since : 0;
        long key = Watch.keyOf(stack);
        Integer known = block.times.put(key, block.times.getOrDefault(key, 0) + 1);
        if (known == null) {
            block.stacks.put(key, stack);
        }
        if (at - block.since >= BLOCK_NS / 2) {
            lookAtOthers(thread, kind, job, block, stack);
        }
    }

    private String kindOf(Thread thread, StackTraceElement[] stack) {
        String known = kinds.get(thread);
        if (known == null && stack.length > 0) {
            known = "";
            for (StackTraceElement element : stack) {
                for (String root : ROOTS) {
                    known = element.getClassName().startsWith(root) ? root : known;
                }
            }
            // A thread that has just begun may not have got to its loop.
            if (stack.length > 3 || !known.isEmpty()) {
                kinds.put(thread, known);
            }
        }
        return known == null ? "" : known;
    }

    /** What tells one callback from the next: its job, or the user's outermost frame within the loop. */
    private Object callback(String kind, StackTraceElement[] stack, Job job) {
        if (kind.equals("pool")) {
            return job;
        }
        boolean isInside = false;
        for (int i = stack.length - 1; i >= 0; i--) {
            isInside |= stack[i].getClassName().startsWith(kind);
            if (isInside && sources.isOwn(stack[i])) {
                return stack[i].getClassName() + '.' + stack[i].getMethodName();
            }
        }
        return null;
    }

    /** Who waits for the end of a callback. */
    private void lookAtOthers(Thread thread, String kind, Job job, Block block, StackTraceElement[] stack) {
        if (kind.equals("pool")) {
            block.due = Math.max(block.due, lateIn((ThreadPoolExecutor) job.pool.of.get()));
        } else if (kind.startsWith("java.util.Timer")) {
            block.due = Math.max(block.due, lateIn(thread, block.callback.toString()));
        } else if (kind.startsWith("sun.net.httpserver")) {
            modules.open("jdk.httpserver", "sun.net.httpserver");
            Object server = Fields.get(runs(thread), "this$0");
            Object open = Fields.get(server, "allConnections");
            long connections = open instanceof Collection ? ((Collection<?>) open).size() : 0;
            block.others = Math.max(block.others, connections - 1);
        } else {
            block.others = 1;
        }
    }

    static Object runs(Thread thread) {
        Object holder = Fields.get(thread, "holder");
        return holder == null ? Fields.get(thread, "target") : Fields.get(holder, "task");
    }

    private static long lateIn(ThreadPoolExecutor pool) {
        long late = 0;
        for (Object waiting : pool == null ? new Object[0] : pool.getQueue().toArray()) {
            boolean isLate = waiting instanceof Delayed && ((Delayed) waiting).getDelay(TimeUnit.MILLISECONDS) < -LATE_MS;
            late += isLate ? 1 : 0;
        }
        return late;
    }

    /** A task that comes again stands in the queue of its timer while it runs. */
    private static long lateIn(Thread timer, String callback) {
        Object tasks = Fields.get(Fields.get(timer, "queue"), "queue");
        long late = 0;
        for (Object task : tasks instanceof Object[] ? (Object[]) tasks : new Object[0]) {
            Object due = Fields.get(task, "nextExecutionTime");
            boolean isLate = due instanceof Long && (Long) due < System.currentTimeMillis() - LATE_MS;
            late += isLate && !callback.startsWith(task.getClass().getName() + '.') ? 1 : 0;
        }
        return late;
    }

    /** Ends the blocks of threads that are gone. */
    void forget(Collection<Thread> alive, long at) {
        for (Thread thread : new ArrayList<>(blocks.keySet())) {
            if (!alive.contains(thread)) {
                end(thread, blocks.remove(thread), at);
            }
        }
        kinds.keySet().retainAll(alive);
    }

    private void end(Thread thread, Block block, long at) {
        if (at - block.since < BLOCK_NS || block.due + block.others == 0) {
            return;
        }
        List<String> samples = new ArrayList<>();
        for (Map.Entry<Long, StackTraceElement[]> one : block.stacks.entrySet()) {
            Row sample = Row.inner().put("n", block.times.get(one.getKey()));
            samples.add(sample.frames("stack", sources.all(one.getValue())).end());
            if (samples.size() >= 40) {
                break;
            }
        }
        Row.release();
        if (Row.mayTell("block " + block.callback)) {
            new Row("block", block.since).put("ns", at - block.since).put("cpu_ns", block.computed)
                    .put("thread", thread.getId()).raw("samples", samples.toString()).put("due", block.due)
                    .put("tasks", block.others + 1).tell();
        }
    }
}
