import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A cached pool makes a thread for whoever would have to wait. */
public class CachedPool {

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
        ExecutorService executor = Executors.newCachedThreadPool();
        for (int i = 0; i < 4; i++) {
            int taskId = i;
            executor.submit(() -> performTask(taskId, 1));
        }
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
