import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A task of an executor, cancelled with an interrupt. */
public class Executor {

    static final CountDownLatch BEGUN = new CountDownLatch(1);

    public static void main(String[] args) throws InterruptedException {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Future<?> task = pool.submit(Executor::work);
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
