package repro.probe;

/** A thread of the probe's own. */
final class ProbeThread extends Thread {
    ProbeThread(Runnable runs, String name) {
        super(rootGroup(), runs, name, 0, false);
        setDaemon(true);
    }

    /** Beside the JVM's own threads, where no group of the program's counts it. */
    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
