import java.util.concurrent.CountDownLatch;

/** Two hooks, of which the one that announces the end is waited for by the other: hooks run side by side. */
public class ShutdownHook {

    static final CountDownLatch TOLD = new CountDownLatch(1);

    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(ShutdownHook::job));
        Runtime.getRuntime().addShutdownHook(new Thread(ShutdownHook::end));
    }

    static void job() {
        try {
            TOLD.await();
        } catch (InterruptedException e) {
            return;
        }
        System.out.println("Job is done.");
    }

    static void end() {
        System.out.println("The end.");
        TOLD.countDown();
    }
}
