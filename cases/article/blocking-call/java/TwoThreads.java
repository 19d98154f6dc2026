import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A thread for each task: it is the thread that blocks, and nobody else waits for it. */
public class TwoThreads {

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
        ExecutorService executor = Executors.newFixedThreadPool(2);
        executor.submit(() -> { blockingTask(2); return null; });
        executor.submit(() -> { nonBlockingTask(1); return null; });
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
