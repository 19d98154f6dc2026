package repro.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells of jobs and pools, and of errors that reached nobody. */
final class Teller {
    private final State state;
    private final Sources sources;
    private final Map<Long, Boolean> tasks = new HashMap<>();

    Teller(State state, Sources sources) {
        this.state = state;
        this.sources = sources;
    }

    List<Place> places(List<StackWalker.StackFrame> site) {
        StackTraceElement[] stack = new StackTraceElement[site.size()];
        for (int i = 0; i < stack.length; i++) {
            stack[i] = site.get(i).toStackTraceElement();
        }
        return sources.own(stack);
    }

    /** The jobs that have ended since the last look, and the threads that died of an error. */
    void ended() {
        for (Job job = state.ended.poll(); job != null; job = state.ended.poll()) {
            tell(job);
        }
        for (State.Failure one = state.uncaught.poll(); one != null; one = state.uncaught.poll()) {
            new Row("task-end", one.at).put("task", one.thread.getId()).put("how", "error").put("error", text(one.error))
                    .frames("at", sources.all(one.error.getStackTrace())).tell();
        }
    }

    private void tell(Job job) {
        if (!job.submitTold) {
            job.submitTold = true;
            if (!Row.mayTell("job " + Site.key(job.site)) && !job.wanted) {
                job.endTold = true;
                return;
            }
            tell(job.pool);
            List<Place> at = places(job.site);
            if (!at.isEmpty()) {
                Row.release();
            }
            new Row("job-submit", job.submitted).put("job", job.id).put("pool", job.pool == null ? 0 : job.pool.id)
                    .put("name", name(job)).frames("at", at).tell();
        }
        if (!job.startTold && job.started != 0) {
            job.startTold = true;
            // How long a new thread takes to begin is no place in a queue.
            long started = job.isDirect ? job.submitted : job.started;
            new Row("job-start", started).put("job", job.id).put("thread", job.thread.getId()).tell();
        }
        if (!job.endTold && job.ended != 0) {
            job.endTold = true;
            long ran = job.ended - job.started;
            long cpu = Math.min(job.cpu, ran);
            // What was not seen waiting was ready to run, and on a busy machine got no processor.
            long waited = job.pool == null ? ran - cpu : job.pool.waited(ran - cpu);
            long starved = ran - cpu - waited;
            new Row("job-end", job.ended).put("job", job.id).put("cpu_ns", cpu).put("starved_ns", starved)
                    .put("how", job.error == null ? "ok" : "error")
                    .put("error", job.error == null ? "" : text(job.error)).tell();
        }
    }

    /** The jobs that are waiting for a thread, or have one. */
    void living() {
        long now = System.nanoTime();
        for (Job job : state.living) {
            if (job.submitted < now && (job.started == 0 ? job.pool != null : true)) {
                tell(job);
            }
        }
    }

    private void tell(Pool pool) {
        if (pool == null || pool.told) {
            return;
        }
        pool.told = true;
        List<Place> at = state.isCommon(pool.of.get()) ? List.of() : places(pool.site);
        new Row("pool-new", System.nanoTime()).put("pool", pool.id).put("size", pool.size()).put("kind", pool.kind)
                .frames("at", at).tell();
    }

    static String name(Job job) {
        String name = job.type.getName();
        int lambda = name.indexOf("$$Lambda");
        String bare = name.substring(name.lastIndexOf('.', lambda < 0 ? name.length() : lambda) + 1);
        return lambda < 0 ? bare.replace('$', '.') : bare.substring(0, bare.indexOf("$$Lambda")).replace('$', '.') + " lambda";
    }

    static String text(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null && cause instanceof java.util.concurrent.CompletionException) {
            cause = cause.getCause();
        }
        String message;
        try {
            message = cause.getMessage();
        } catch (Throwable broken) {
            message = null;
        }
        String name = cause.getClass().getSimpleName();
        return message == null ? name : name + ": " + message;
    }

    private static StackTraceElement[] raised(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null && cause instanceof java.util.concurrent.CompletionException) {
            cause = cause.getCause();
        }
        return cause.getStackTrace();
    }

    private void task(Job job) {
        if (tasks.put(job.id, true) == null) {
            Row.release();
            new Row("task-new", job.submitted).put("task", job.id).put("name", name(job)).frames("at", places(job.site))
                    .tell();
        }
    }

    /** Whether the user's own code handed it over, and not a library, which has ways of its own to hear of its end. */
    private boolean isOfUser(Job job) {
        return !job.site.isEmpty() && sources.isOwn(job.site.get(0).toStackTraceElement());
    }

    /** Errors that nobody has asked for, and results that were lost because nobody went on to ask for them. */
    void unasked() {
        List<Job> asked = new ArrayList<>();
        for (Job job : state.failed) {
            if (job.askedAt > 1) {
                asked.add(job);
            } else if (job.askedAt == 0 && !job.cancelled && isOfUser(job)) {
                state.failed.remove(job);
                task(job);
                new Row("unhandled", job.failedAt).put("task", job.id).put("message", "not asked for")
                        .put("error", text(job.error)).frames("at", sources.all(raised(job.error))).tell();
            }
        }
        for (Job job : asked) {
            givenUp(job);
        }
    }

    /** Who asks for results one after another, and stops at the first error, loses the others. */
    private void givenUp(Job failed) {
        long at = Math.max(failed.failedAt, failed.askedAt);
        List<Job> lost = new ArrayList<>();
        for (Job job : state.kept) {
            boolean isSibling = job != failed && isOfUser(job) && job.pool == failed.pool && isBeside(job, failed) && job.submitted < at;
            if (isSibling && job.askedAt == 0 && !job.cancelled && (job.ended == 0 || job.ended > at + 20_000_000L)) {
                lost.add(job);
            }
        }
        if (lost.isEmpty() || failed.askedFrom.isEmpty()) {
            return;
        }
        List<Long> numbers = new ArrayList<>();
        for (Job job : lost) {
            task(job);
            numbers.add(job.id);
        }
        task(failed);
        state.failed.remove(failed);
        new Row("task-end", failed.failedAt).put("task", failed.id).put("how", "error").put("error", text(failed.error))
                .frames("at", sources.all(raised(failed.error))).tell();
        new Row("reject", at).put("join", failed.id).put("kind", "Future.get").frames("at", places(failed.askedFrom))
                .put("error", text(failed.error)).numbers("failed", List.of(failed.id)).numbers("pending", numbers)
                .numbers("lost", List.of()).tell();
        for (Job job : lost) {
            if (job.ended != 0) {
                new Row("drop", job.ended).put("join", failed.id).put("task", job.id)
                        .put("how", job.error == null ? "ok" : "error").tell();
            }
        }
    }

    private static boolean isBeside(Job one, Job other) {
        if (one.site.isEmpty() || other.site.isEmpty()) {
            return false;
        }
        StackWalker.StackFrame first = one.site.get(0);
        StackWalker.StackFrame second = other.site.get(0);
        return first.getClassName().equals(second.getClassName()) && first.getMethodName().equals(second.getMethodName());
    }

    /** What is at work while the JVM ends: in threads that it does not wait for, or in any where the program called exit. */
    void killed(Map<Thread, StackTraceElement[]> threads) {
        long now = System.nanoTime();
        for (Job job : state.living) {
            boolean isWaiting = job.started == 0;
            boolean isAtWork = !isWaiting && job.thread.isAlive();
            if (job.askedAt != 0 || job.cancelled || !isOfUser(job) || job.submitted > now || !(isWaiting && job.pool != null || isAtWork)) {
                continue;
            }
            StackTraceElement[] stack = isAtWork ? threads.get(job.thread) : null;
            List<Place> chain = stack == null ? places(job.site) : sources.all(stack);
            task(job);
            new Row("killed", now).put("task", job.id).frames("chain", chain).tell();
        }
        for (Map.Entry<Thread, StackTraceElement[]> one : threads.entrySet()) {
            Thread thread = one.getKey();
            List<StackWalker.StackFrame> site = state.threadSites.get(thread);
            boolean isLeft = thread.isDaemon() && site != null && !state.running.containsKey(thread);
            if (isLeft && sources.innermostOwn(one.getValue()) >= 0) {
                long number = state.serials.incrementAndGet();
                Row.release();
                new Row("task-new", now).put("task", number).put("name", thread.getName()).frames("at", places(site)).tell();
                new Row("killed", now).put("task", number).frames("chain", sources.all(one.getValue())).tell();
            }
        }
    }

    void counts() {
        new Row("count", System.nanoTime()).put("tasks", state.submitted.get()).put("most_tasks", state.mostAlive)
                .put("left_out", Row.leftOut).tell();
    }
}
