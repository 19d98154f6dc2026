import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A task of a fork-join pool, cancelled with an interrupt. */
public class ForkJoin {

    static final CountDownLatch BEGUN = new CountDownLatch(1);

    public static void main(String[] args) throws InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(1);
        Future<?> task = pool.submit(ForkJoin::work);
        BEGUN.await();
        task.cancel(true);
        pool.shutdown();
        pool.awaitTermination(10, TimeUnit.SECONDS);
    }

    static void work() {
        BEGUN.countDown();
        try {
            Thread.sleep(150);
            System.out.println("Work went on.");
        } catch (InterruptedException e) {
            System.out.println("Work was ended.");
        }
    }
}
