import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** One thread for all tasks, as an event loop has: who blocks it blocks them all. */
public class OneThread {

    static void blockingTask(int seconds) throws InterruptedException {
        System.out.println("Starting blocking task for " + seconds + " seconds.");
        TimeUnit.SECONDS.sleep(seconds); // blocks the thread that runs it
        System.out.println("Blocking task done after " + seconds + " seconds.");
    }

    static void nonBlockingTask(int seconds) throws InterruptedException {
        System.out.println("Starting non-blocking task for " + seconds + " seconds.");
        TimeUnit.SECONDS.sleep(seconds);
        System.out.println("Non-blocking task done after " + seconds + " seconds.");
    }

    public static void main(String[] args) throws InterruptedException {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.submit(() -> { blockingTask(2); return null; });
        executor.submit(() -> { nonBlockingTask(1); return null; });
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
