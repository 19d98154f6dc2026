package repro.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at all threads again and again, and tells where each stays, and what keeps an event loop. */
final class Watch {
    private static final long STAY_NS = 25_000_000L;
    /** Threads of tasks that the JVM schedules itself and that are looked at. */
    private static final int VIRTUAL = 64;

    private final State state;
    private final Sources sources;
    private final Loops loops;
    private final Thread main;
    private final Map<Thread, Stay> stays = new HashMap<>();
    private long lastLook;

    /** A thread that has been at one place since. */
    private static final class Stay {
        long key;
        long since;
        StackTraceElement[] stack;
        Waiting on;
        StackTraceElement[] heldAt;
        long heldNs;
        int looks;
    }

    Watch(State state, Sources sources, Loops loops, Thread main) {
        this.state = state;
        this.sources = sources;
        this.loops = loops;
        this.main = main;
    }

    /** All threads of the program with their stacks. */
    Map<Thread, StackTraceElement[]> threads() {
        Map<Thread, StackTraceElement[]> all = new HashMap<>(Thread.getAllStackTraces());
        Set<Thread> ours = new HashSet<>();
        for (Thread thread : all.keySet()) {
            ThreadGroup group = thread.getThreadGroup();
            boolean isOfJvm = group == null || group.getName().equals("system") || group.getName().equals("InnocuousThreadGroup");
            if (isOfJvm || thread instanceof ProbeThread || thread.getName().equals("DestroyJavaVM")) {
                ours.add(thread);
            }
        }
        all.keySet().removeAll(ours);
        int looked = 0;
        for (Thread thread : state.virtualThreads) {
            if (!thread.isAlive()) {
                state.virtualThreads.remove(thread);
                state.running.remove(thread);
                state.stages.remove(thread);
            } else if (++looked <= VIRTUAL) {
                all.put(thread, thread.getStackTrace());
            }
        }
        return all;
    }

    /** One look; how long it took. */
    long look() {
        long at = System.nanoTime();
        long since = lastLook == 0 ? 0 : at - lastLook;
        lastLook = at;
        Map<Thread, StackTraceElement[]> all = threads();
        Map<Long, Thread> byId = new HashMap<>();
        for (Thread thread : all.keySet()) {
            byId.put(thread.getId(), thread);
        }
        for (Map.Entry<Thread, StackTraceElement[]> one : all.entrySet()) {
            see(one.getKey(), one.getValue(), at, since, all, byId);
        }
        List<Thread> gone = new ArrayList<>(stays.keySet());
        gone.removeAll(all.keySet());
        for (Thread thread : gone) {
            end(thread, stays.remove(thread), at);
            state.stages.remove(thread);
        }
        loops.forget(all.keySet(), at);
        return System.nanoTime() - at;
    }

    private void see(Thread thread, StackTraceElement[] stack, long at, long since, Map<Thread, StackTraceElement[]> all,
            Map<Long, Thread> byId) {
        Thread.State is = thread.getState();
        // The state is read later than the stack: it tells of a monitor alone, of which the stack says nothing.
        boolean computes = stack.length > 0 && is != Thread.State.BLOCKED && !waits(stack[0]);
        Job job = state.running.get(thread);
        if (job != null && job.pool != null && job.started < at && !Left.isIdle(stack)) {
            job.pool.seen(computes);
        }
        if (job != null && job.started < at && Left.isIdle(stack)) {
            // It ended with an error, of which nothing told.
            state.running.remove(thread);
            state.over(job, at);
        }
        loops.see(thread, stack, job, computes, at, since);
        Stay stay = stays.get(thread);
        if (computes || stack.length == 0) {
            end(thread, stays.remove(thread), at);
            return;
        }
        Waiting on = Waiting.of(thread, is, stack, state, byId);
        long key = keyOf(stack) * 31 + System.identityHashCode(on.blocker) * 31L + on.lock;
        if (stay == null || stay.key != key) {
            end(thread, stay, at);
            stay = new Stay();
            stay.key = key;
            stay.since = at;
            stay.stack = stack;
            stay.on = on;
            stays.put(thread, stay);
        } else if (on.holder != null) {
            stay.on.holder = on.holder;
        }
        if (on.job != null) {
            on.job.wanted = true;
        }
        stay.looks++;
        hold(stay, on.holder, all, since);
    }

    /** Whether who holds what is waited for waits as well. */
    private void hold(Stay stay, Thread holder, Map<Thread, StackTraceElement[]> all, long since) {
        StackTraceElement[] stack = holder == null ? null : all.get(holder);
        if (stack == null || stack.length == 0) {
            return;
        }
        // A holder that is seen blocked has let go of it meanwhile, or waits for another lock, which is told by itself.
        boolean waits = waits(stack[0]);
        if (waits) {
            stay.heldNs += since;
        }
        if (waits || stay.heldAt == null) {
            stay.heldAt = stack;
        }
    }

    /** Whether a thread whose innermost frame is this one waits for anything but a monitor. */
    static boolean waits(StackTraceElement leaf) {
        String method = leaf.getMethodName();
        boolean parks = method.startsWith("park") || method.startsWith("sleep") || method.startsWith("wait")
                || method.equals("yieldContinuation");
        return parks && Sources.isJdk(leaf) || waitsInNative(leaf);
    }

    static boolean waitsInNative(StackTraceElement leaf) {
        if (!leaf.isNativeMethod() || leaf.getModuleName() == null) {
            return false;
        }
        String type = leaf.getClassName();
        return type.startsWith("java.net.") || type.startsWith("java.io.") || type.startsWith("sun.nio.")
                || type.startsWith("sun.net.") || type.startsWith("java.lang.Process") || type.startsWith("java.lang.ref.");
    }

    static long keyOf(StackTraceElement[] stack) {
        long key = stack.length;
        for (StackTraceElement element : stack) {
            key = key * 31 + element.getMethodName().hashCode();
            key = key * 31 + element.getClassName().hashCode() + element.getLineNumber();
        }
        return key;
    }

    private void end(Thread thread, Stay stay, long at) {
        if (stay == null || at - stay.since < STAY_NS || stay.looks < 2) {
            return;
        }
        int own = sources.innermostOwn(stay.stack);
        if (own < 0) {
            return;
        }
        Row.release();
        stay.on.kind = kind(stay.stack, own);
        List<Place> stack = sources.all(stay.stack);
        List<Place> taken = List.of();
        if (stay.on.lock != 0) {
            stack = takingLine(stack, stay.stack);
            taken = stay.heldAt == null ? List.of() : taking(stay.heldAt);
        }
        Place place = sources.place(stay.stack[own]);
        if (stay.on.job != null && stay.stack[own - 1].getClassName().startsWith("java.util.stream.")) {
            stack = askingLine(stack, place);
        }
        if (!Row.mayTell("stay " + place.file + place.line + (stay.on.job != null))) {
            return;
        }
        Row on = stay.on.row();
        if (!taken.isEmpty()) {
            on.frames("taken_at", taken).put("held_ns", stay.heldNs);
        }
        new Row("stay", stay.since).put("ns", at - stay.since).put("cpu_ns", 0).put("thread", thread.getId())
                .put("name", thread.getName()).put("main", thread == main).frames("stack", stack).raw("on", on.end()).tell();
    }

    /** What the user's line called: `FutureTask.get`. */
    static String kind(StackTraceElement[] stack, int own) {
        if (own == 0) {
            return "";
        }
        StackTraceElement called = stack[own - 1];
        return Sources.function(called.getClassName(), called.getMethodName());
    }

    private static final String[] TAKES = {"synchronized", ".lock(", ".lockInterruptibly(", ".tryLock(", ".acquire("};

    /** A stream asks at its end, for the sake of a step that stands above: `.map(CompletableFuture::join)`. */
    private List<Place> askingLine(List<Place> stack, Place place) {
        int line = sources.lineAbove(place, "::join", "::get");
        int at = -1;
        for (int i = 0; i < stack.size(); i++) {
            at = stack.get(i).own ? i : at;
        }
        if (line == 0 || place.line - line > 8 || at < 0) {
            return stack;
        }
        List<Place> moved = new ArrayList<>(stack);
        moved.set(at, place.at(line));
        return moved;
    }

    /** In a method that is synchronized as a whole, a thread that waits stands at its first line. */
    List<Place> takingLine(List<Place> places, StackTraceElement[] stack) {
        Place last = places.isEmpty() ? null : places.get(places.size() - 1);
        if (last == null || !last.own) {
            return places;
        }
        int line = sources.lineAbove(last, TAKES);
        List<Place> moved = new ArrayList<>(places);
        if (line > 0) {
            moved.set(moved.size() - 1, last.at(line));
        }
        return moved;
    }

    /** The user's frames of a holder, down to the line that took the lock. */
    private List<Place> taking(StackTraceElement[] stack) {
        List<Place> own = sources.own(stack);
        for (int i = own.size() - 1; i >= 0; i--) {
            int line = sources.lineAbove(own.get(i), TAKES);
            if (line > 0) {
                List<Place> path = new ArrayList<>(own.subList(0, i));
                path.add(own.get(i).at(line));
                return path;
            }
        }
        return List.of();
    }

    /** Tells what has not ended yet. */
    void finish() {
        long at = System.nanoTime();
        for (Map.Entry<Thread, Stay> one : stays.entrySet()) {
            end(one.getKey(), one.getValue(), at);
        }
        stays.clear();
        loops.forget(Set.of(), at);
    }
}
