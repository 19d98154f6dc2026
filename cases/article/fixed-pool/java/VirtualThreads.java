import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A virtual thread for each task: there is no pool to be too small. */
public class VirtualThreads {

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
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < 4; i++) {
            int taskId = i;
            executor.submit(() -> performTask(taskId, 1));
        }
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
