import java.util.concurrent.CountDownLatch;

/** A thread that is stopped. */
public class Stop {

    static final CountDownLatch BEGUN = new CountDownLatch(1);

    @SuppressWarnings({"deprecation", "removal"})
    public static void main(String[] args) throws InterruptedException {
        Thread thread = new Thread(Stop::work);
        thread.start();
        BEGUN.await();
        try {
            thread.stop();
        } catch (UnsupportedOperationException e) {
            // It is left alone.
        }
        thread.join();
    }

    static void work() {
        boolean ended = true;
        try {
            BEGUN.countDown();
            Thread.sleep(150);
            ended = false;
        } catch (InterruptedException e) {
            ended = true;
        } finally {
            System.out.println(ended ? "Work was ended." : "Work went on.");
        }
    }
}
