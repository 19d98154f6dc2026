import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Each get() waits for one step before the next is even submitted. */
public class GetEach {

    static Callable<Void> step(int number) {
        return () -> {
            System.out.println("Step " + number + " starting.");
            TimeUnit.MILLISECONDS.sleep(500);
            System.out.println("Step " + number + " done.");
            return null;
        };
    }

    public static void main(String[] args) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        for (int number : List.of(1, 2, 3)) {
            executor.submit(step(number)).get();
        }
        executor.shutdown();
    }
}
