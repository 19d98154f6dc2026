import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** As many threads as tasks: nothing waits in the queue. */
public class FourThreads {

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
        ExecutorService executor = Executors.newFixedThreadPool(4); // a thread for each task
        for (int i = 0; i < 4; i++) {
            int taskId = i;
            executor.submit(() -> performTask(taskId, 2));
        }
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
