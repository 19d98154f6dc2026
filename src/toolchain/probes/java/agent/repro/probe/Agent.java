package repro.probe;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Records what happens inside a JVM, one JSON object a line, and judges nothing. */
public final class Agent implements Runnable {
    private static final long TICK_MS = 10;
    /** How long main has been over before what is left is told. */
    private static final long AFTER_MAIN_NS = 700_000_000L;
    private static boolean begun;

    private final String folder;
    private final long pid;
    private final Thread main = Thread.currentThread();
    private final State state;
    private final Watch watch;
    private final Teller teller;
    private final Left left;
    private volatile boolean isMainOver;
    private volatile boolean isEnding;
    private long mainOverAt;
    private boolean leftTold;
    private boolean timesAsked;
    private long meanNs;

    private Agent(String folder, long pid, State state, Sources sources, Modules modules) {
        this.folder = folder;
        this.pid = pid;
        this.state = state;
        watch = new Watch(state, sources, new Loops(sources, modules), main);
        teller = new Teller(state, sources);
        left = new Left(state, sources, watch, teller, main);
    }

    public static void premain(String arguments, Instrumentation instrumentation) {
        String folder = System.getenv("REPRO_PROBE");
        String command = System.getProperty("sun.java.command", "");
        if (begun || folder == null || isCompiler(command)) {
            return;
        }
        begun = true;
        try {
            begin(folder, command, instrumentation);
        } catch (Throwable error) {
            broken(error);
        }
    }

    private static void broken(Throwable error) {
        new Row("broken", System.nanoTime()).put("why", "the probe failed: " + error).tell();
        Row.release();
        Row.write();
    }

    /** What comes with the JDK is no program of the user's; but for the compiler that runs what it has compiled. */
    private static boolean isCompiler(String command) {
        boolean isOfJdk = command.startsWith("jdk.") || command.startsWith("com.sun.tools.") || command.startsWith("sun.tools.");
        return isOfJdk && !command.contains(".javac.launcher.") && !command.startsWith("jdk.httpserver");
    }

    /** Whether another program runs the user's in its own process. */
    private static boolean isBuildTool(String command) {
        return command.contains("plexus.classworlds") || command.contains("org.gradle.") || command.startsWith("sbt.");
    }

    private static void begin(String folder, String command, Instrumentation instrumentation) throws Exception {
        // Asking the JVM for its number loads much more.
        long pid = Long.parseLong(new File("/proc/self").getCanonicalFile().getName());
        boolean isSource = command.contains(".javac.launcher.");
        String[] words = command.split(" ");
        boolean isJar = words[0].endsWith(".jar");
        String launched = isSource && words.length > 1 ? words[1] : null;
        String main = isSource || isJar ? mainOfJar(words[0], isJar) : words[0].substring(words[0].indexOf('/') + 1);
        Row.open(folder + "/" + pid + ".ndjson", isBuildTool(command));
        hello(launched != null ? launched : words[0]);
        Modules modules = new Modules(instrumentation);
        modules.open("java.base", "java.lang", "java.util", "java.util.concurrent", "java.util.concurrent.locks");
        Fields.open();
        State state = new State();
        state.open();
        Sources sources = new Sources(instrumentation, launched, main, isBuildTool(command));
        Agent agent = new Agent(folder, pid, state, sources, modules);
        Hooks hooks = new Hooks();
        hooks.install(instrumentation, Listener.all(state));
        new ProbeThread(agent, "repro-probe").start();
        Runtime.getRuntime().addShutdownHook(new ProbeThread(new Ending(agent), "repro-probe-end"));
        if (!hooks.failed.isEmpty()) {
            for (String cause : new String[] {"pool", "sequential", "forgotten"}) {
                new Row("cannot", System.nanoTime()).put("cause", cause)
                        .put("why", "this version of the JDK could not be observed at " + hooks.failed).tell();
            }
        }
    }

    private static String mainOfJar(String jar, boolean isJar) {
        if (isJar) {
            try (java.util.jar.JarFile file = new java.util.jar.JarFile(jar)) {
                java.util.jar.Attributes manifest = file.getManifest().getMainAttributes();
                String start = manifest.getValue("Start-Class");
                return start != null ? start : manifest.getValue("Main-Class");
            } catch (IOException | RuntimeException error) {
                return null;
            }
        }
        return null;
    }

    private static void hello(String main) {
        new Row("hello", System.nanoTime()).put("language", "java").put("version", System.getProperty("java.version"))
                .put("main", main).put("folder", Path.of("").toAbsolutePath().toString())
                .texts("libraries", Sources.JDK, Sources.LIBRARY)
                .texts("can", "stall", "sequential", "failfast", "pool", "lock", "forgotten", "never-exits")
                .raw("cannot", "[]").tell();
    }

    /** Loads what is slow to load, while the agent's own thread goes on looking. */
    private static final class Times implements Runnable {
        private final State state;

        Times(State state) {
            this.state = state;
        }

        @Override
        public void run() {
            state.readTimes();
        }
    }

    /** Runs when the JVM ends. */
    private static final class Ending implements Runnable {
        private final Agent agent;

        Ending(Agent agent) {
            this.agent = agent;
        }

        @Override
        public void run() {
            agent.finish(agent.watch.threads());
        }
    }

    @Override
    public void run() {
        File asked = new File(folder, "ask");
        File answered = new File(folder, "answered-" + pid);
        long pause = TICK_MS;
        try {
            for (int tick = 0; !isEnding; tick++) {
                Thread.sleep(pause);
                if (!timesAsked && state.wantsTimes()) {
                    timesAsked = true;
                    new ProbeThread(new Times(state), "repro-probe").start();
                }
                pause = tick(tick, asked, answered);
            }
        } catch (InterruptedException ended) {
            // The JVM ends.
        } catch (Throwable error) {
            broken(error);
        }
    }

    private synchronized long tick(int tick, File asked, File answered) throws Exception {
        if (isEnding) {
            return TICK_MS;
        }
        long took = watch.look();
        teller.ended();
        if (!isMainOver && !main.isAlive()) {
            mainEnds();
        } else if (isMainOver && !leftTold && System.nanoTime() - mainOverAt > AFTER_MAIN_NS) {
            leftTold = true;
            left.tell(true);
        }
        if (tick % 5 == 0) {
            if (asked.exists() && !answered.exists()) {
                left.tell(isMainOver);
                Row.write();
                Files.createFile(answered.toPath());
            }
            Row.write();
        }
        // What looking costs stays a small share of one processor; one that was slow does not count.
        meanNs = (meanNs * 3 + Math.min(took, 20_000_000L)) / 4;
        return Math.max(TICK_MS, Math.min(100, meanNs / 1_000_000 * 25));
    }

    private void mainEnds() {
        isMainOver = true;
        mainOverAt = System.nanoTime();
        new Row("main-end", mainOverAt).tell();
    }

    private synchronized void finish(Map<Thread, StackTraceElement[]> threads) {
        isEnding = true;
        try {
            teller.ended();
            watch.finish();
            teller.killed(threads);
            if (!isMainOver) {
                mainEnds();
            }
            teller.living();
            teller.unasked();
            teller.counts();
        } catch (Throwable error) {
            broken(error);
        }
        Row.write();
    }
}
