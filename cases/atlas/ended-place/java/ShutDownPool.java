import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** A pool that was shut down. */
public class ShutDownPool {

    public static void main(String[] args) {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        pool.shutdown();
        try {
            pool.execute(() -> System.out.println("It ran."));
        } catch (RejectedExecutionException e) {
            System.out.println("It was refused.");
        }
    }
}
