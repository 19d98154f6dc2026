import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Two to four threads, and yet never more than two: only a full queue makes a third, and a queue without a
 * bound is never full.
 */
public class UnboundedQueue {

    static void performTask(int id, int duration) {
        System.out.println("Task " + id + " starting.");
        try {
            TimeUnit.SECONDS.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            System.err.println("Task " + id + " interrupted.");
        }
        System.out.println("Task " + id + " completed.");
    }

    public static void main(String[] args) throws InterruptedException {
        ExecutorService executor =
            new ThreadPoolExecutor(2, 4, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        for (int i = 0; i < 4; i++) {
            int taskId = i;
            executor.submit(() -> performTask(taskId, 1));
        }
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
