package repro.probe;

import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.zip.ZipFile;

/** Which methods of the JDK tell the probe that they were called, and how they are made to. */
final class Hooks implements ClassFileTransformer {
    static final int POOL = 0;
    static final int SUBMIT = 1;
    static final int SCHEDULE = 2;
    static final int START = 3;
    static final int END = 4;
    static final int FAILED = 5;
    static final int ASKED = 6;
    static final int CANCELLED = 7;
    static final int WAITS = 8;
    static final int COMPLETED = 9;
    static final int CHAINED = 10;
    static final int ALL_OF = 11;
    static final int THREAD = 12;
    static final int SEMAPHORE = 13;
    static final int ACQUIRED = 14;
    static final int RELEASED = 15;
    static final int UNCAUGHT = 16;
    static final int OWN_THREAD = 17;
    static final int SHUT_NOW = 18;
    static final int WITHIN = 19;
    static final int HOOKS = 20;

    private static final String CONCURRENT = "java/util/concurrent/";
    private final Map<String, List<ClassPatch.Call>> calls = new HashMap<>();
    /** What could not be patched. */
    final List<String> failed = new ArrayList<>();

    private void at(String type, String method, int hook, int one, int other) {
        add(type, new ClassPatch.Call(method, false, one, other, hook));
    }

    private void atEnd(String type, String method, int hook, int one, int other) {
        add(type, new ClassPatch.Call(method, true, one, other, hook));
    }

    private void add(String type, ClassPatch.Call call) {
        List<ClassPatch.Call> known = calls.get(type);
        if (known == null) {
            known = new ArrayList<>();
            calls.put(type, known);
        }
        known.add(call);
    }

    Hooks() {
        String pool = CONCURRENT + "ThreadPoolExecutor";
        atEnd(pool, "<init>(IIJLjava/util/concurrent/TimeUnit;Ljava/util/concurrent/BlockingQueue;"
                + "Ljava/util/concurrent/ThreadFactory;Ljava/util/concurrent/RejectedExecutionHandler;)V", POOL, 0, -1);
        at(pool, "execute(", SUBMIT, 0, 1);
        at(pool, "beforeExecute(", START, 2, -1);
        at(pool, "afterExecute(", END, 1, -1);
        at(pool, "getTask(", END, -1, -1);
        at(pool, "shutdownNow(", SHUT_NOW, 0, -1);
        at(CONCURRENT + "ScheduledThreadPoolExecutor", "delayedExecute(", SCHEDULE, 0, 1);
        String forks = CONCURRENT + "ForkJoinPool";
        atEnd(forks, "<init>(ILjava/util/concurrent/ForkJoinPool$ForkJoinWorkerThreadFactory;"
                + "Ljava/lang/Thread$UncaughtExceptionHandler;ZIII", POOL, 0, -1);
        at(forks, "poolSubmit(Z", SUBMIT, 0, 2);
        at(forks, "externalSubmit(", SUBMIT, 0, 1);
        at(CONCURRENT + "CompletableFuture$ThreadPerTaskExecutor", "execute(", OWN_THREAD, 1, -1);
        String future = CONCURRENT + "FutureTask";
        at(future, "setException(", FAILED, 0, 1);
        at(future, "finishCompletion(", COMPLETED, 0, -1);
        at(future, "cancel(", CANCELLED, 0, -1);
        for (String asks : new String[] {"get(", "resultNow(", "exceptionNow(", "state("}) {
            at(future, asks, ASKED, 0, -1);
        }
        completable();
        at("java/lang/Thread", "start()", THREAD, 0, -1);
        at("java/lang/Thread", "join(J)", WAITS, 0, -1);
        at("java/lang/Thread", "dispatchUncaughtException(", UNCAUGHT, 0, 1);
        at("java/lang/VirtualThread", "start(Ljdk/internal/vm/ThreadContainer;)", THREAD, 0, -1);
        atEnd(CONCURRENT + "ThreadPerTaskExecutor$ThreadBoundFuture", "<init>(", OWN_THREAD, 0, 1);
        at(CONCURRENT + "ThreadPerTaskExecutor$ThreadBoundFuture", "run(", WITHIN, 0, -1);
        atEnd(CONCURRENT + "Semaphore$Sync", "<init>(", SEMAPHORE, 0, -1);
        atEnd(CONCURRENT + "Semaphore", "acquire()", ACQUIRED, 0, -1);
        atEnd(CONCURRENT + "Semaphore", "acquireUninterruptibly()", ACQUIRED, 0, -1);
        at(CONCURRENT + "Semaphore", "release()", RELEASED, 0, -1);
    }

    private void completable() {
        String stage = CONCURRENT + "CompletableFuture";
        at(stage, "waitingGet(", WAITS, 0, -1);
        at(stage, "timedGet(", WAITS, 0, -1);
        at(stage, "postComplete(", COMPLETED, 0, -1);
        at(stage, "cancel(", CANCELLED, 0, -1);
        String[] asks = {"get(", "join(", "getNow(", "resultNow(", "exceptionNow(", "state(", "isCompletedExceptionally("};
        for (String ask : asks) {
            at(stage, ask, ASKED, 0, -1);
        }
        for (String what : new String[] {"Apply", "Accept", "Run"}) {
            at(stage, "uni" + what + "Stage(", CHAINED, 0, -1);
            at(stage, "bi" + what + "Stage(", CHAINED, 0, 2);
            at(stage, "or" + what + "Stage(", CHAINED, 0, 2);
        }
        for (String what : new String[] {"WhenComplete", "Handle", "Compose", "Exceptionally", "ComposeExceptionally"}) {
            at(stage, "uni" + what + "Stage(", CHAINED, 0, -1);
        }
        at(stage, "allOf(", ALL_OF, 0, -1);
        at(stage, "anyOf(", ALL_OF, 0, -1);
        at(stage + "$AsyncSupply", "run(", WITHIN, 0, -1);
        at(stage + "$AsyncRun", "run(", WITHIN, 0, -1);
        String task = CONCURRENT + "ForkJoinTask$";
        for (String kind : new String[] {"AdaptedRunnable", "AdaptedRunnableAction", "AdaptedCallable", "RunnableExecuteAction",
            "InterruptibleTask"}) {
            at(task + kind, "exec(", WITHIN, 0, -1);
        }
    }

    /** Defines the class that patched methods call, and patches them. */
    void install(Instrumentation instrumentation, BiConsumer<Object, Object>[] listeners) throws Exception {
        byte[] hook;
        // The loader of classes would go about it in a more general way, and load much more.
        String jar = Path.of(Hooks.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        try (ZipFile file = new ZipFile(jar); InputStream in = file.getInputStream(file.getEntry("javb/lang/ReproHook.class"))) {
            hook = in.readAllBytes();
        }
        byte[] wrong = "javb/lang".getBytes("US-ASCII");
        for (int i = 0; i + wrong.length < hook.length; i++) {
            if (java.util.Arrays.equals(hook, i, i + wrong.length, wrong, 0, wrong.length)) {
                hook[i + 3] = 'a';
            }
        }
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup());
        Field field = lookup.defineClass(hook).getField("listeners");
        List<Class<?>> types = new ArrayList<>();
        for (String type : calls.keySet()) {
            try {
                types.add(Class.forName(type.replace('/', '.'), false, null));
            } catch (ClassNotFoundException absent) {
                // This version does not have it.
            }
        }
        instrumentation.addTransformer(this, true);
        instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
        instrumentation.removeTransformer(this);
        field.set(null, listeners);
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
        List<ClassPatch.Call> wanted = loader == null ? calls.get(name) : null;
        if (wanted == null) {
            return null;
        }
        try {
            return ClassPatch.apply(bytes, wanted);
        } catch (Exception error) {
            failed.add(name);
            return null;
        }
    }
}
