import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A single thread: here the tasks really do run one after another. They last one second instead of
 * two, so that the whole takes no longer than two threads need.
 */
public class OneThread {

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
        ExecutorService executor = Executors.newFixedThreadPool(1); // the tasks queue for one thread
        for (int i = 0; i < 4; i++) {
            int taskId = i;
            executor.submit(() -> performTask(taskId, 1));
        }
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
