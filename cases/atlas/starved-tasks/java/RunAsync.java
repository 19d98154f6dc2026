import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tasks of CompletableFuture, where the common pool has one thread, as with two processors. */
public class RunAsync {

    static final CountDownLatch BOTH = new CountDownLatch(2);

    public static void main(String[] args) {
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "1");
        var first = CompletableFuture.runAsync(RunAsync::work);
        var second = CompletableFuture.runAsync(RunAsync::work);
        CompletableFuture.allOf(first, second).join();
    }

    static void work() {
        BOTH.countDown();
        try {
            System.out.println(BOTH.await(400, TimeUnit.MILLISECONDS) ? "They met." : "Nobody came.");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
