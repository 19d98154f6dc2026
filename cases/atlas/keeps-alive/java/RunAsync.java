import java.util.concurrent.CompletableFuture;

/** A task of CompletableFuture, where the common pool has one thread, as with two processors. */
public class RunAsync {

    public static void main(String[] args) {
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "1");
        CompletableFuture.runAsync(RunAsync::work);
        System.out.println("Main is done.");
    }

    static void work() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            return;
        }
        System.out.println("Work is done.");
    }
}
