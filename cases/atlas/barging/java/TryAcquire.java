import java.util.concurrent.Semaphore;

/** A fair semaphore: who waits for two permits is overtaken by tryAcquire(), which is never fair. */
public class TryAcquire {

    static final Semaphore SEMAPHORE = new Semaphore(0, true);

    public static void main(String[] args) throws InterruptedException {
        Thread waiter = new Thread(TryAcquire::work);
        waiter.start();
        while (!SEMAPHORE.hasQueuedThreads()) {
            Thread.sleep(1);
        }
        SEMAPHORE.release();
        if (SEMAPHORE.tryAcquire()) {
            System.out.println("Latecomer has it.");
        }
        SEMAPHORE.release(2);
        waiter.join();
    }

    static void work() {
        SEMAPHORE.acquireUninterruptibly(2);
        System.out.println("Waiter has it.");
    }
}
