import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Tasks of a pool with two threads. */
public class TwoThreads {

    static final CountDownLatch BOTH = new CountDownLatch(2);

    public static void main(String[] args) {
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "1");
        ExecutorService pool = Executors.newFixedThreadPool(2);
        pool.execute(TwoThreads::work);
        pool.execute(TwoThreads::work);
        pool.shutdown();
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
